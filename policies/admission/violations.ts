import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";

/** A namespace of a tenant, and values that its policies allow: a violation breaks one rule alone. */
export interface ViolationPlace {
  readonly namespace: string;
  /** Image that the stack's registries allow, with a digest. */
  readonly image: string;
  /** Host that the tenant may serve. @default - none */
  readonly host?: string | undefined;
}

/** The sender of a violation: the tenant's reconciler, the person who asks, or another account. */
export type Sender = "reconciler" | "caller" | { readonly user: string };

/** An object that a policy must refuse. */
export interface Violation {
  readonly object: KubernetesObject;
  /** @default "reconciler" */
  readonly sender?: Sender;
  /** Whether the object exists, and its spec is merged. @default false: it is created */
  readonly isChange?: boolean;
}

/** Name of every violation's object. Nothing of this name is ever stored. */
export const VIOLATION_NAME = "fleet-verify";

type Fields = Readonly<Record<string, unknown>>;

/** Policies without a violation that an account could send, and the reason. */
export const unprovable: Readonly<Record<string, string>> = {
  "fleet-owned-namespaces": "only the platform has the right to change namespaces, and the policy lets it",
  "fleet-quota-reserve": "the policy refuses only where a quota is full",
  "fleet-shards": "the policy compares with the shard of the namespace",
};

/** A known violation of each policy, by the name of the policy. Policies of add-ons have rules of their own kinds. */
export const violations: Readonly<Record<string, (place: ViolationPlace) => Violation>> = {
  "fleet-configuration-annotations": (place) =>
    configMap(place, { annotations: { "replicator.v1.mittwald.de/replicate-to": "kube-system" } }),
  "fleet-controllers": () => ({
    object: object(
      "source.toolkit.fluxcd.io/v1",
      "GitRepository",
      "flux-system",
      { spec: { suspend: true } },
      "platform",
    ),
    sender: { user: "system:serviceaccount:flux-system:source-controller" },
    isChange: true,
  }),
  "fleet-exposed-services": ({ namespace }) => ({
    object: object("v1", "Service", namespace, {
      // A quota refuses ports of nodes as well, also where the policy is gone.
      spec: { ports: [{ port: 80 }], externalIPs: ["203.0.113.7"] },
    }),
  }),
  "fleet-finalizers": (place) => configMap(place, { finalizers: ["example.com/fleet-verify"] }),
  "fleet-flux-source": ({ namespace }) => ({
    object: object("source.toolkit.fluxcd.io/v1", "Bucket", namespace, {
      spec: { interval: "10m", endpoint: "s3.example.com", bucketName: "x", insecure: true },
    }),
  }),
  "fleet-flux-sync": ({ namespace }) => ({
    object: object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", namespace, {
      spec: {
        interval: "10m",
        prune: true,
        serviceAccountName: "reconciler",
        sourceRef: { kind: "GitRepository", name: "x" },
        kubeConfig: { secretRef: { name: "x" } },
      },
    }),
  }),
  "fleet-github-apps": (place) => secret(place, { githubAppBaseURL: "https://github.invalid" }),
  "fleet-host-ports": (place) => deployment(place, { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
  "fleet-hosts": (place) => ingress(place, "fleet-verify.invalid", "/"),
  "fleet-identities": ({ namespace }) => ({
    object: withMetadata(object("v1", "ServiceAccount", namespace, {}), {
      annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::000000000000:role/fleet-verify" },
    }),
  }),
  "fleet-image-automation": ({ namespace, image }) => ({
    object: object("image.toolkit.fluxcd.io/v1", "ImageRepository", namespace, {
      spec: { interval: "10m", image: image.replace(/[@:].*$/, ""), insecure: true },
    }),
    sender: "caller",
  }),
  "fleet-images": (place) =>
    deployment(place, { container: { image: place.image.replace(/@.*$/, ""), imagePullPolicy: "Never" } }),
  "fleet-ingress-reach": ({ namespace }) => ({
    object: withMetadata(object("v1", "Service", namespace, { spec: { ports: [{ port: 80 }] } }), {
      annotations: { "getambassador.io/config": "fleet-verify" },
    }),
  }),
  "fleet-labels": (place) => configMap(place, { labels: { "istio.io/fleet-verify": "x" } }),
  "fleet-network-policies": ({ namespace }) => ({
    object: object("networking.k8s.io/v1", "NetworkPolicy", namespace, {
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
    }),
  }),
  "fleet-node-agents": (place) => deployment(place, { pod: { runtimeClassName: VIOLATION_NAME } }),
  "fleet-nodes": (place) => deployment(place, { pod: { nodeName: VIOLATION_NAME } }),
  "fleet-notification-secrets": (place) => secret(place, { address: "http://169.254.169.254/" }),
  "fleet-notifications": ({ namespace }) => ({
    object: object("notification.toolkit.fluxcd.io/v1beta3", "Alert", namespace, {
      spec: {
        providerRef: { name: "x" },
        eventSources: [{ kind: "GitRepository", name: "*", namespace: "flux-system" }],
      },
    }),
  }),
  "fleet-owned-objects": (place) => configMap(place, { labels: { [MANAGED_BY_LABEL]: MANAGED_BY } }),
  "fleet-owner-references": (place) =>
    configMap(place, {
      ownerReferences: [
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          name: "reconciler",
          uid: "00000000-0000-0000-0000-000000000000",
        },
      ],
    }),
  "fleet-paths": (place) => ingress(place, place.host ?? "fleet-verify.invalid", "/a;b"),
  "fleet-platform-accounts": (place) => deployment(place, { pod: { serviceAccountName: "reconciler" } }),
  "fleet-pod-security": (place) =>
    deployment(place, { pod: { securityContext: { seccompProfile: { type: "RuntimeDefault" }, runAsUser: 0 } } }),
  "fleet-priorities": (place) => deployment(place, { pod: { priorityClassName: "system-cluster-critical" } }),
  "fleet-remains": (place) => deployment(place, { pod: { terminationGracePeriodSeconds: 86_400 } }),
  "fleet-reserved-names": (place) => configMap(place, { name: "fleet-platform-verify" }),
  "fleet-robots": ({ namespace }) => ({
    object: object("v1", "ConfigMap", namespace, {}),
    sender: { user: `system:serviceaccount:${namespace}:ci-robot` },
  }),
  "fleet-role-bindings": ({ namespace }) => ({
    object: object("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "fleet-tenant-reconciler" },
      subjects: [{ kind: "ServiceAccount", name: VIOLATION_NAME, namespace }],
    }),
  }),
  "fleet-roles": ({ namespace }) => ({
    object: object("rbac.authorization.k8s.io/v1", "Role", namespace, {
      rules: [{ apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: ["create"] }],
    }),
  }),
  "fleet-volumes": (place) =>
    deployment(place, { pod: { volumes: [{ name: "data", nfs: { server: "203.0.113.7", path: "/" } }] } }),
  "fleet-workload-resources": (place) =>
    deployment(place, { container: { resources: { limits: { ...enough, "example.com/fleet-verify": "1" } } } }),
};

function object(
  apiVersion: string,
  kind: string,
  namespace: string,
  fields: Fields,
  name = VIOLATION_NAME,
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace }, ...fields };
}

function withMetadata(one: KubernetesObject, metadata: Fields): KubernetesObject {
  return { ...one, metadata: { ...one.metadata, ...metadata } };
}

function configMap({ namespace }: ViolationPlace, metadata: Fields): Violation {
  return { object: withMetadata(object("v1", "ConfigMap", namespace, { data: { key: "value" } }), metadata) };
}

function secret({ namespace }: ViolationPlace, stringData: Readonly<Record<string, string>>): Violation {
  return { object: object("v1", "Secret", namespace, { type: "Opaque", stringData }) };
}

function ingress({ namespace }: ViolationPlace, host: string, path: string): Violation {
  const backend = { service: { name: "x", port: { number: 80 } } };
  const spec = { rules: [{ host, http: { paths: [{ path, pathType: "ImplementationSpecific", backend }] } }] };
  return { object: object("networking.k8s.io/v1", "Ingress", namespace, { spec }) };
}

const enough = { cpu: "10m", memory: "16Mi" };

/** A Deployment that every policy admits, but for these fields. No pod of it ever runs. */
function deployment(
  { namespace, image }: ViolationPlace,
  { pod = {}, container = {} }: { readonly pod?: Fields; readonly container?: Fields },
): Violation {
  const main = {
    name: "main",
    image,
    imagePullPolicy: "Always",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    resources: { requests: enough, limits: enough },
    ...container,
  };
  const spec = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [main],
    ...pod,
  };
  const labels = { app: VIOLATION_NAME };
  return {
    object: object("apps/v1", "Deployment", namespace, {
      spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    }),
  };
}
