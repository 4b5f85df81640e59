import { FREE_PREFIXES } from "./known-annotations.js";

/**
 * Domains of annotations of pods that concern the pod alone, each with all domains below it. Their readers add containers
 * to the pod, to whose images and Pod Security the usual rules apply; or they move, restart, scrape or back up this pod. Not listed are
 * readers that go elsewhere for a pod: agents that take checks with any address, or log files of the node
 * (`ad.datadoghq.com`, `co.elastic.logs`), a registry of services without namespaces (`consul.hashicorp.com`), and
 * everything that gives a pod a network, a device, a role or a runtime.
 */
export const POD_DOMAINS: readonly string[] = [
  ...FREE_PREFIXES,
  "app.gitlab.com",
  "app.kubernetes.io",
  "azure.workload.identity",
  "cluster-autoscaler.kubernetes.io",
  "container.apparmor.security.beta.kubernetes.io",
  "controller.kubernetes.io",
  "dapr.io",
  "fluentbit.io",
  "hub.jupyter.org",
  "instrumentation.opentelemetry.io",
  "istio.io",
  "jaegertracing.io",
  "k8s.grafana.com",
  "karpenter.sh",
  "kubernetes.jenkins.io",
  "linkerd.io",
  "profiles.grafana.com",
  "prometheus.io",
  "reloader.stakater.com",
  "runner.gitlab.com",
  "seccomp.security.alpha.kubernetes.io",
  "sidecar.opentelemetry.io",
  "vault.hashicorp.com",
  "velero.io",
];

/**
 * Annotations of these domains that are refused nevertheless: Istio's injector adds volumes of any kind to the pod. No
 * policy on volumes looks at them, because Kubernetes makes the pod from a template that was checked before.
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarUserVolume
 */
export const REFUSED_POD_ANNOTATIONS: readonly string[] = ["sidecar.istio.io/userVolume"];

/** Annotations of pods of Kubernetes itself: the first is set on new pods by the limit range. */
export const POD_ANNOTATIONS: readonly string[] = [
  "kubernetes.io/limit-ranger",
  "kubernetes.io/change-cause",
  "kubernetes.io/description",
  "kubernetes.io/egress-bandwidth",
  "kubernetes.io/ingress-bandwidth",
];
