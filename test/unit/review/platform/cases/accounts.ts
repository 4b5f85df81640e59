import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { clusterFile, infrastructureFile, release, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const account = (namespace: string) =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: installer, namespace: ${namespace}}\n`;
const reconciler = "serviceAccountName: platform-reconciler";

/** The cases of the rule `platform-accounts`. */
export const accountsCases: PlatformCases = {
  violating: [
    {
      title: "a sync and a release without an account",
      platform: builtPlatform({
        [clusterFile]: sync("infrastructure", "path: ./fleet/infrastructure/staging"),
        [infrastructureFile]: release("cert-manager", "interval: 1h", "serviceAccountName: ''"),
      }),
      violations: [
        `${clusterFile}:4 Kustomization flux-system/infrastructure names no service account`,
        `${infrastructureFile}:6 HelmRelease platform/cert-manager names no service account`,
      ],
    },
    {
      title: "the account of a controller, and the platform's in another namespace",
      platform: builtPlatform({
        [clusterFile]: sync("infrastructure", "serviceAccountName: kustomize-controller"),
        [infrastructureFile]: release("cert-manager", reconciler),
      }),
      violations: [
        `${clusterFile}:5 Kustomization flux-system/infrastructure names the service account kustomize-controller, which is not the platform's in flux-system`,
        `${infrastructureFile}:5 HelmRelease platform/cert-manager names the service account platform-reconciler, which is not the platform's in platform`,
      ],
    },
    {
      title: "an account that fleet/ declares in another namespace",
      platform: builtPlatform({
        [infrastructureFile]: `${release("cert-manager", "serviceAccountName: installer")}---\n${account("team-search")}`,
      }),
      violations: [
        `${infrastructureFile}:5 HelmRelease platform/cert-manager names the service account installer, which is not the platform's in platform`,
      ],
    },
    {
      title: "another kind of the same name",
      platform: builtPlatform({
        [infrastructureFile]: `${release("cert-manager", "serviceAccountName: installer")}---\n${account("platform").replace("v1", "iam.example.com/v1")}`,
      }),
      violations: [
        `${infrastructureFile}:5 HelmRelease platform/cert-manager names the service account installer, which is not the platform's in platform`,
      ],
    },
  ],
  clean: [
    {
      title: "the platform's reconciler",
      platform: builtPlatform({ [clusterFile]: sync("infrastructure", reconciler) }),
    },
    {
      title: "an account that fleet/ declares",
      platform: builtPlatform({
        [infrastructureFile]: `${release("cert-manager", "serviceAccountName: installer")}---\n${account("platform")}`,
      }),
    },
    {
      title: "a kustomization of kustomize",
      platform: builtPlatform({ [clusterFile]: "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n" }),
    },
  ],
};
