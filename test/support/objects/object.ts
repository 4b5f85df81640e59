import { definedOnly } from "../../../lib/data/defined-only.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";

/** The name of an object that needs none in particular. */
export const NAME = "of-a-test";

/** Fields of an object, of its spec, or of a part of it. An undefined field is left out. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Metadata of an object, as far as tests write it. A place with a namespace, such as the target of an attack, is enough:
 * {@link object} takes these fields and no others.
 */
export interface Metadata {
  /** @default {@link NAME} */
  readonly name?: string;
  /** @default - none: the kind has none, or the sync that applies the object sets it */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly Fields[];
}

/** The identity of an object: enough to read, change or delete it. */
export type Reference = Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">;

/** API version → kinds that tests write. */
const kinds = {
  v1: [
    "ConfigMap",
    "Event",
    "LimitRange",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
  ],
  "admissionregistration.k8s.io/v1": [
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
  ],
  "acme.cert-manager.io/v1": ["Challenge", "Order"],
  "apiextensions.k8s.io/v1": ["CustomResourceDefinition"],
  "apps/v1": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "autoscaling/v2": ["HorizontalPodAutoscaler"],
  "batch/v1": ["CronJob", "Job"],
  "bitnami.com/v1alpha1": ["SealedSecret"],
  "cert-manager.io/v1": ["Certificate", "CertificateRequest", "Issuer"],
  "certificates.k8s.io/v1": ["CertificateSigningRequest"],
  "coordination.k8s.io/v1": ["Lease"],
  "discovery.k8s.io/v1": ["EndpointSlice"],
  "databases.example.com/v1beta1": ["Database"],
  "external-secrets.io/v1": ["ExternalSecret", "SecretStore"],
  "flagger.app/v1beta1": ["AlertProvider", "Canary", "MetricTemplate"],
  "gateway.networking.k8s.io/v1": ["BackendTLSPolicy", "GRPCRoute", "HTTPRoute", "TLSRoute"],
  "generators.external-secrets.io/v1alpha1": ["Password", "UUID"],
  "helm.toolkit.fluxcd.io/v2": ["HelmRelease"],
  "image.toolkit.fluxcd.io/v1": ["ImagePolicy", "ImageRepository", "ImageUpdateAutomation"],
  "keda.sh/v1alpha1": ["ScaledObject", "TriggerAuthentication"],
  "kustomize.toolkit.fluxcd.io/v1": ["Kustomization"],
  "monitoring.coreos.com/v1": ["PodMonitor", "PrometheusRule", "ServiceMonitor"],
  "networking.k8s.io/v1": ["Ingress", "NetworkPolicy"],
  "notification.toolkit.fluxcd.io/v1": ["Receiver"],
  "notification.toolkit.fluxcd.io/v1beta3": ["Alert", "Provider"],
  "policy/v1": ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io/v1": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "source.toolkit.fluxcd.io/v1": ["Bucket", "GitRepository", "HelmChart", "HelmRepository", "OCIRepository"],
} as const;

/** A kind that tests write. */
export type Kind = (typeof kinds)[keyof typeof kinds][number];

const apiVersions: ReadonlyMap<string, string> = new Map(
  Object.entries(kinds).flatMap(([apiVersion, names]) => names.map((kind) => [kind, apiVersion] as const)),
);

/** The API version of a kind. */
export function apiVersionOf(kind: Kind): string {
  return apiVersions.get(kind) ?? "";
}

/** The name of a kind in URLs. */
export function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name === "endpoints") return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(name) ? `${name}es` : `${name}s`;
}

/** An owner reference that blocks the deletion of its owner in the foreground. @param owner its kind and name */
export function ownerReference({ apiVersion, kind, metadata: { name } }: Reference) {
  return { apiVersion, kind, name, uid: "00000000-0000-4000-8000-000000000000", blockOwnerDeletion: true };
}

/** A reference to an object. */
export function reference(kind: Kind, metadata: Metadata): Reference {
  const { name = NAME, namespace, labels, annotations, finalizers, ownerReferences } = metadata;
  return {
    apiVersion: apiVersionOf(kind),
    kind,
    metadata: { name, ...definedOnly({ namespace, labels, annotations, finalizers, ownerReferences }) },
  };
}

/** An object of any kind. @param fields beside apiVersion, kind and metadata */
export function object(kind: Kind, metadata: Metadata, fields: Fields = {}): KubernetesObject {
  return { ...reference(kind, metadata), ...fields };
}
