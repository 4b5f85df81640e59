import { builtPlatform, clusterRoot } from "../../../../support/unit/built-platform.js";
import { clusterFile, deployment, infrastructureFile, release, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const elsewhere = { appliedBy: { "fleet/infrastructure/staging": "Kustomization flux-system/infrastructure" } };

/** The cases of the rule `platform-workloads`. */
export const workloadsCases: PlatformCases = {
  violating: [
    {
      title: "a Deployment in the folder of a cluster",
      platform: builtPlatform({ [clusterFile]: deployment("proxy:1.2.3") }),
      violations: [`${clusterFile}:2 Deployment platform/proxy is a workload that the root sync applies`],
    },
    {
      title: "a pod, a job, a release, and a kind of an operator that has containers",
      platform: builtPlatform({
        [clusterFile]: [
          "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
          "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: b}\n",
          release("c", "interval: 1h"),
          deployment("proxy:1.2.3").replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout"),
        ].join("---\n"),
      }),
      violations: [
        `${clusterFile}:2 Pod a is a workload that the root sync applies`,
        `${clusterFile}:6 CronJob b is a workload that the root sync applies`,
        `${clusterFile}:10 HelmRelease platform/c is a workload that the root sync applies`,
        `${clusterFile}:16 Rollout platform/proxy is a workload that the root sync applies`,
      ],
    },
    {
      title: "a workload of another cluster's folder, which another sync applies",
      platform: builtPlatform({ "fleet/clusters/shared/proxy.yaml": deployment("proxy:1.2.3") }),
      violations: [
        "fleet/clusters/shared/proxy.yaml:2 Deployment platform/proxy is a workload that the root sync applies",
      ],
    },
  ],
  clean: [
    { title: "a sync", platform: builtPlatform({ [clusterFile]: sync("infrastructure", "wait: true") }) },
    {
      title: "a workload of the infrastructure",
      platform: builtPlatform({ [infrastructureFile]: deployment("proxy:1.2.3") }, elsewhere),
    },
    {
      title: "a namespace and a ConfigMap",
      platform: builtPlatform({
        [`${clusterRoot}/a.yaml`]: "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
        [`${clusterRoot}/b.yaml`]: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {kind: Pod}\n",
      }),
    },
  ],
};
