import { SHARDING_KEY } from "../../../lib/kubernetes/shards.js";
import { FREE_PREFIXES } from "../annotations/known-annotations.js";

/**
 * Prefixes of labels that no controller obeys for more than their own object: those of tools that deploy, of Kubernetes'
 * own templates, and of programs that create pods in their own namespace and find them again by labels.
 */
export const LABEL_PREFIXES: readonly string[] = [
  ...FREE_PREFIXES,
  "app.kubernetes.io",
  "app.openshift.io",
  "apps.kubernetes.io",
  "azure.workload.identity",
  "batch.kubernetes.io",
  "cdk8s.io",
  "dagster",
  "dapr.io",
  "dask.org",
  "gitlab.com",
  "hub.jupyter.org",
  "io.kompose.network",
  "jenkins",
  "job.runner.gitlab.com",
  "manager.runner.gitlab.com",
  "orleans",
  "prefect.io",
  "project.runner.gitlab.com",
  "sidecar.jaegertracing.io",
  "sidecar.opentelemetry.io",
  "skaffold.dev",
  "sparkoperator.k8s.io",
  "statefulset.kubernetes.io",
  "tags.datadoghq.com",
  "toolkit.fluxcd.io",
  "velero.io",
];

/**
 * Labels of other prefixes that concern their own pod or Service. Of service meshes, those that put a pod into the mesh
 * or out of it. Not listed are those that make a Service or a pod a gateway of all others (`topology.istio.io/network`),
 * or offer a Service to other clusters (`mirror.linkerd.io/exported`).
 * The syncs of a shard's tenant put the shard's label on all that they apply; `shards` checks it where Flux obeys it.
 */
export const KNOWN_LABELS: readonly string[] = [
  "io.kompose.service",
  "istio.io/dataplane-mode",
  "istio.io/rev",
  "istio.io/use-waypoint",
  "linkerd.io/control-plane-ns",
  "linkerd.io/inject",
  "linkerd.io/proxy-deployment",
  "linkerd.io/workload-ns",
  "security.istio.io/tlsMode",
  "service.istio.io/canonical-name",
  "service.istio.io/canonical-revision",
  SHARDING_KEY,
  "sidecar.istio.io/inject",
  "workload.user.cattle.io/workloadselector",
];

/**
 * Labels without a prefix that are refused nevertheless. Istio's gateways select pods of all namespaces by `istio`: a
 * pod with `istio: ingressgateway` gets the routes of all tenants.
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export const REFUSED_LABELS: readonly string[] = ["istio"];
