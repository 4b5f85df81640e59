import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";

/** The API of a kind that an audit reads. */
interface AuditedType {
  /** `core` for Kubernetes' first group. */
  readonly group: string;
  /** Versions that a cluster may serve, the newest first: older releases of Flux serve older ones. */
  readonly versions: readonly string[];
  /** Whether only names, labels and writers count. @default false */
  readonly metadataOnly?: true;
}

const source = (...older: readonly string[]): AuditedType => {
  return { group: "source.toolkit.fluxcd.io", versions: ["v1", ...older] };
};
const of = (group: string, ...versions: readonly string[]): AuditedType => ({ group, versions });
const named: AuditedType = { group: "core", versions: ["v1"], metadataOnly: true };

/** The kinds that an audit reads, each by one list. Secrets are not among them. */
export const auditedTypes = {
  Deployment: of("apps", "v1"),
  StatefulSet: of("apps", "v1"),
  DaemonSet: of("apps", "v1"),
  CronJob: of("batch", "v1"),
  Namespace: named,
  ServiceAccount: named,
  Service: named,
  ConfigMap: named,
  ClusterRole: of(RBAC_GROUP, "v1"),
  ClusterRoleBinding: of(RBAC_GROUP, "v1"),
  Role: of(RBAC_GROUP, "v1"),
  RoleBinding: of(RBAC_GROUP, "v1"),
  ValidatingAdmissionPolicyBinding: of("admissionregistration.k8s.io", "v1", "v1beta1"),
  Kustomization: of("kustomize.toolkit.fluxcd.io", "v1", "v1beta2"),
  HelmRelease: of("helm.toolkit.fluxcd.io", "v2", "v2beta2", "v2beta1"),
  GitRepository: source("v1beta2"),
  OCIRepository: source("v1beta2"),
  HelmRepository: source("v1beta2"),
  Bucket: source("v1beta2"),
  Alert: of("notification.toolkit.fluxcd.io", "v1beta3", "v1beta2"),
  Receiver: of("notification.toolkit.fluxcd.io", "v1", "v1beta2"),
  ImagePolicy: of("image.toolkit.fluxcd.io", "v1", "v1beta2"),
  ImageUpdateAutomation: of("image.toolkit.fluxcd.io", "v1", "v1beta2", "v1beta1"),
} as const satisfies Readonly<Record<string, AuditedType>>;

/** One of the kinds of {@link auditedTypes}. */
export type AuditedKind = keyof typeof auditedTypes;
/** All of them. */
export const auditedKinds = Object.keys(auditedTypes) as readonly AuditedKind[];

/** The objects of a cluster by kind. A kind that the cluster lacks, or that could not be read, is absent. */
export type AuditedCluster = Readonly<Partial<Record<AuditedKind, readonly LiveObject[]>>>;

/** An object with its kind. */
export interface AuditedObject {
  readonly kind: AuditedKind;
  readonly object: LiveObject;
}

/** The objects of these kinds. */
export function objectsOf(cluster: AuditedCluster, ...kinds: readonly AuditedKind[]): AuditedObject[] {
  return kinds.flatMap((kind) => (cluster[kind] ?? []).map((object) => ({ kind, object })));
}

/** `payments/app`; a name alone for an object of the whole cluster. */
export function placeOf({
  namespace,
  name,
}: {
  readonly namespace?: string | undefined;
  readonly name: string;
}): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
