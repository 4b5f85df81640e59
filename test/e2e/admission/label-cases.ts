import { configMap, secret, serviceAccount } from "../../support/objects/configuration.js";
import { canary, service } from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import {
  claimSpec,
  cronJob,
  deployment,
  job,
  pod,
  podSpec,
  statefulSet,
  volumeClaim,
} from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Labels of pods by which something of the cluster gives them another network, another identity or a role. */
const obeyedOnPods = [
  // Cilium finds a pod's policies by its namespace and account, and once took these labels for them.
  "io.cilium.k8s.policy.serviceaccount",
  "io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name",
  "io.kubernetes.pod.namespace",
  "admission.datadoghq.com/enabled",
  "consul.hashicorp.com/connect-inject-status",
  "eks.amazonaws.com/fargate-profile",
  "gateway.networking.k8s.io/gateway-name",
  "istio",
  "kubernetes.azure.com/cluster",
  "kueue.x-k8s.io/queue-name",
  "kuma.io/mesh",
  "node.kubernetes.io/exclude-from-external-load-balancers",
  "olm.catalogSource",
  "security.openshift.io/scc",
  "topology.istio.io/network",
] as const;

/** Labels of pods as common charts, tools and programs write them. */
const ordinary = [
  "app.kubernetes.io/instance",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "azure.workload.identity/use",
  "chart",
  "component",
  "dask.org/cluster-name",
  "grafana_dashboard",
  "helm.sh/chart",
  "hub.jupyter.org/network-access-hub",
  "io.kompose.service",
  "istio.io/dataplane-mode",
  "jenkins/label",
  "k8s-app",
  "kustomize.toolkit.fluxcd.io/name",
  "pod-template-hash",
  "project.runner.gitlab.com/id",
  "redis-client",
  "release",
  "sidecar.istio.io/inject",
  "spark-role",
  "tags.datadoghq.com/env",
  "tier",
  "version",
] as const;

/** Labels that the stack lists in {@link labelCases}. */
export const listedLabels = ["example.org/*", "kueue.x-k8s.io/pod-group-name"];

const unknown = "example.net/pool";
const labelled = (key: string) => ({ labels: { app: "of-a-test", [key]: "x" } });

/** Policy fleet-labels, where the stack lists {@link listedLabels}. */
export function labelCases(place: Place): Case[] {
  const made = (metadata: Fields) => deployment(place, podSpec(), {}, metadata);
  return [
    ...refused(
      /the labels [^ ]+ are not known to concern their own object alone: remove them, .* fleet:allowedLabels: \[/,
      {
        ...each(obeyedOnPods, (key) => [`a Deployment of pods with the label ${key}`, made(labelled(key))]),
        ...unknownLabels(place),
        ...otherTemplates(place),
      },
    ),
    ...refused(/the labels fleet\.dev\/tenant mark the platform's own objects: remove them from your object/, {
      "a Deployment of pods with the label of a tenant": made(labelled("fleet.dev/tenant")),
    }),
    ...allowed({
      ...each(ordinary, (key) => [`a Deployment of pods with the label ${key}`, made(labelled(key))]),
      "a Deployment of pods with labels that the stack lists": made({
        labels: { app: "of-a-test", "example.org/pool": "x", "kueue.x-k8s.io/pod-group-name": "x" },
      }),
      "a pod with labels of its own names": pod({ ...place, labels: { app: "web", owner: "shop" } }),
      "a Job, which Kubernetes labels": job(place),
      "a StatefulSet with labels on its claims": statefulSet(place, podSpec(), {
        volumeClaimTemplates: [{ metadata: { name: "data", labels: { app: "web" } }, spec: claimSpec() }],
      }),
      "a Service of labelled pods": service(
        { ...place, labels: { "app.kubernetes.io/name": "web" } },
        { selector: { "app.kubernetes.io/name": "web", role: "primary" } },
      ),
      "a ConfigMap with a dashboard": configMap({ ...place, labels: { grafana_dashboard: "1" } }),
    }),
  ];
}

/** Objects with labels that controllers and agents of the whole cluster obey. */
function unknownLabels(place: Place) {
  return {
    "a pod with an unknown label": pod({ ...place, ...labelled(unknown) }),
    "a Service that is offered to other clusters": service({
      ...place,
      labels: { "mirror.linkerd.io/exported": "true" },
    }),
    "a Service that is a gateway of another network": service({
      ...place,
      labels: { "topology.istio.io/network": "network2" },
    }),
    "a Service that DNS takes for one of a gateway": service(place, { selector: { istio: "ingressgateway" } }),
    "a ConfigMap that a policy engine loads": configMap({
      ...place,
      labels: { "openpolicyagent.org/policy": "rego" },
    }),
    "a Secret for a program that reads all namespaces": secret({ ...place, labels: { "example.net/config": "x" } }, {}),
    "a claim with a group of backups": volumeClaim({
      ...place,
      labels: { "recurring-job-group.longhorn.io/all": "enabled" },
    }),
    "an account with an unknown label": serviceAccount({ ...place, labels: { [unknown]: "x" } }),
    "a Job of a priority of its choice": job({ ...place, labels: { "kueue.x-k8s.io/priority-class": "highest" } }),
  };
}

/** Unknown labels in templates from which controllers create objects under their own names. */
function otherTemplates(place: Place) {
  const labels = { [unknown]: "x" };
  const claim = { metadata: { name: "data", labels }, spec: claimSpec() };
  const volumeClaimTemplate = { metadata: { labels }, spec: claimSpec() };
  const ephemeral = podSpec({}, { volumes: [{ name: "data", ephemeral: { volumeClaimTemplate } }] });
  return {
    "a StatefulSet of pods with an unknown label": statefulSet(place, podSpec(), {}, labelled(unknown)),
    "a StatefulSet of claims with an unknown label": statefulSet(place, podSpec(), { volumeClaimTemplates: [claim] }),
    "a Deployment of ephemeral claims with an unknown label": deployment(place, ephemeral),
    "a CronJob of Jobs with an unknown label": cronJob(place, podSpec(), {}, { jobs: { labels } }),
    "a CronJob of pods with an unknown label": cronJob(place, podSpec(), {}, { pods: { labels } }),
    "a Canary of Services with an unknown label": canary(place, { service: { port: 80, apex: { labels } } }),
  };
}
