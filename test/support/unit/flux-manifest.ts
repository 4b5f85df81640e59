import { stringify } from "yaml";
import type { LockEntry } from "../../../flux/release/lock.js";
import { lockEntry } from "../../../flux/release/lock-entry.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";

/** Where the made-up release would come from. */
export const releaseUrl = "https://releases.example.com/v9.9.9/install.yaml";

const namespace = "flux-system";
const groupSuffix = "toolkit.fluxcd.io";

/** The controllers of the made-up release, with their version and the CRDs that each serves. */
const controllers: Readonly<Record<string, { readonly version: string; readonly crds: readonly string[] }>> = {
  "source-controller": {
    version: "v1.0.1",
    crds: ["gitrepositories", "ocirepositories", "buckets", "helmcharts", "externalartifacts"].map(
      (plural) => `${plural}.source.${groupSuffix}`,
    ),
  },
  "kustomize-controller": { version: "v1.0.2", crds: [`kustomizations.kustomize.${groupSuffix}`] },
  "helm-controller": { version: "v1.0.3", crds: [`helmreleases.helm.${groupSuffix}`] },
  "notification-controller": { version: "v1.0.4", crds: [`alerts.notification.${groupSuffix}`] },
  "image-reflector-controller": { version: "v1.0.5", crds: [`imagepolicies.image.${groupSuffix}`] },
  "image-automation-controller": { version: "v1.0.6", crds: [`imageupdateautomations.image.${groupSuffix}`] },
  "source-watcher": { version: "v1.0.7", crds: ["artifactgenerators.source.extensions.fluxcd.io"] },
};

/** API groups of Flux's kinds in the made-up release. */
function groups(): string[] {
  return [
    ...new Set(Object.values(controllers).flatMap(({ crds }) => crds.map((crd) => crd.slice(crd.indexOf(".") + 1)))),
  ];
}

/**
 * A release of Flux that never was, in the shape of the real ones: small, complete, and made anew for every caller.
 *
 * The real manifest is upstream's and not kept here; test/e2e/flux/manifest.test.ts hardens that one.
 */
export function fluxManifest(): KubernetesObject[] {
  return [
    object("v1", "Namespace", { name: namespace, labels: { "pod-security.kubernetes.io/warn": "restricted" } }),
    object("v1", "ResourceQuota", { name: "critical-pods", namespace }, { spec: { hard: { pods: "1000" } } }),
    ...Object.keys(controllers).flatMap(controllerObjects),
    ...roles(),
    binding("cluster-reconciler", "cluster-admin", ["kustomize-controller", "helm-controller"]),
    binding("crd-controller", "crd-controller", Object.keys(controllers)),
    service("source-controller", "source-controller", "http"),
    service("notification-controller", "notification-controller", "http"),
    service("webhook-receiver", "notification-controller", "http-webhook"),
    service("source-watcher", "source-watcher", "http"),
    policy("allow-egress", { podSelector: {}, egress: [{}], policyTypes: ["Egress"] }),
    policy("allow-scraping", { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }], policyTypes: ["Ingress"] }),
    policy("allow-webhooks", { podSelector: {}, ingress: [{}], policyTypes: ["Ingress"] }),
  ];
}

/** The digest that the made-up registry gives to every image. */
export const imageDigest = `sha256:${"ab".repeat(32)}`;

/** A lock's entry for `objects`. */
export function lockOf(objects: readonly KubernetesObject[] = fluxManifest()): LockEntry {
  const imageDigests = Object.fromEntries(Object.keys(controllers).map((name) => [name, imageDigest]));
  return lockEntry(releaseUrl, objects, imageDigests);
}

/** Objects as the text of a manifest. */
export function asYaml(objects: readonly KubernetesObject[]): string {
  return objects.map((one) => stringify(one)).join("---\n");
}

function object(
  apiVersion: string,
  kind: string,
  metadata: KubernetesObject["metadata"],
  fields: Record<string, unknown> = {},
): KubernetesObject {
  const labels = {
    "app.kubernetes.io/part-of": "flux",
    "app.kubernetes.io/instance": namespace,
    ...metadata.labels,
  };
  return { apiVersion, kind, metadata: { ...metadata, labels }, ...fields };
}

function ofController(component: string): Record<string, string> {
  return { "app.kubernetes.io/component": component };
}

function controllerObjects(name: string): KubernetesObject[] {
  const labels = ofController(name);
  const { crds = [] } = controllers[name] ?? {};
  return [
    ...crds.map((crd) => customResourceDefinition(crd, labels)),
    object("v1", "ServiceAccount", { name, namespace, labels }),
    deployment(name),
  ];
}

function customResourceDefinition(name: string, labels: Record<string, string>): KubernetesObject {
  const [plural = "", ...group] = name.split(".");
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const spec = {
    group: group.join("."),
    names: { plural, kind: plural },
    scope: "Namespaced",
    versions: [{ name: "v1", served: true, storage: true, schema }],
  };
  return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { name, labels }, { spec });
}

function deployment(name: string): KubernetesObject {
  const serves = name.startsWith("source-");
  const notifies = name === "notification-controller";
  const container = {
    name: "manager",
    image: `registry.example.com/flux/${name}:${controllers[name]?.version}`,
    args: [
      ...(notifies ? [] : [`--events-addr=http://notification-controller.${namespace}.svc.cluster.local./`]),
      "--watch-all-namespaces",
      "--log-level=info",
      "--log-encoding=json",
      "--enable-leader-election",
      ...(serves ? ["--storage-path=/data", `--storage-adv-addr=${name}.$(RUNTIME_NAMESPACE).svc.cluster.local.`] : []),
      ...(name === "kustomize-controller" || name === "helm-controller"
        ? ["--feature-gates=ExternalArtifact=true"]
        : []),
    ],
    env: [
      { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { containerName: "manager", resource: "limits.memory" } } },
    ],
    ports: [
      ...(serves || notifies ? [{ name: "http", containerPort: 9090 }] : []),
      ...(notifies ? [{ name: "http-webhook", containerPort: 9292 }] : []),
      { name: "http-prom", containerPort: 8080 },
    ],
    readinessProbe: { httpGet: { path: "/readyz", port: "healthz" } },
    resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: "100m", memory: "64Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
  const spec = {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...ofController(name) } },
      spec: { serviceAccountName: name, containers: [container], volumes: [{ name: "temp", emptyDir: {} }] },
    },
  };
  return object("apps/v1", "Deployment", { name, namespace, labels: ofController(name) }, { spec });
}

const reading = ["get", "list", "watch"];
const writing = [...reading, "create", "update", "patch", "delete"];

function roles(): KubernetesObject[] {
  const aggregate = (...to: string[]) =>
    Object.fromEntries(to.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"]));
  const role = (name: string, rules: unknown[], labels: Record<string, string> = {}) =>
    object("rbac.authorization.k8s.io/v1", "ClusterRole", { name, labels }, { rules });
  return [
    role("crd-controller", [
      ...groups().map((group) => ({ apiGroups: [group], resources: ["*"], verbs: ["*"] })),
      { apiGroups: [""], resources: ["namespaces", "secrets", "configmaps", "serviceaccounts"], verbs: [...reading] },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [""], resources: ["configmaps"], verbs: [...writing] },
      { apiGroups: [""], resources: ["configmaps/status"], verbs: ["get", "update", "patch"] },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: [...writing] },
      { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
      { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
    ]),
    role(
      "flux-edit",
      [{ apiGroups: groups(), resources: ["*"], verbs: ["create", "delete"] }],
      aggregate("admin", "edit"),
    ),
    role("flux-view", [{ apiGroups: groups(), resources: ["*"], verbs: ["get", "list"] }], aggregate("admin", "view")),
  ];
}

function binding(name: string, role: string, accounts: readonly string[]): KubernetesObject {
  return object(
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    { name },
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: accounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
    },
  );
}

function service(name: string, controller: string, targetPort: string): KubernetesObject {
  const spec = { selector: { app: controller }, ports: [{ name: "http", port: 80, targetPort }] };
  return object("v1", "Service", { name, namespace, labels: ofController(controller) }, { spec });
}

function policy(name: string, spec: Record<string, unknown>): KubernetesObject {
  return object("networking.k8s.io/v1", "NetworkPolicy", { name, namespace }, { spec });
}

/**
 * The made-up release with one object changed.
 * @param name `Kind name`, as in `Deployment source-controller`
 * @param path where, dotted: `spec.template.spec.containers.0.image`
 * @param change the new value, made of the old one; undefined removes the field
 */
export function releaseWith(name: string, path: string, change: (old: unknown) => unknown): KubernetesObject[] {
  const objects = fluxManifest();
  const isIt = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}` === name;
  if (!objects.some(isIt)) throw new Error(`the made-up release has no ${name}`);
  return objects.map((object) => {
    if (!isIt(object)) return object;
    return changed(object, path.split("."), change) as KubernetesObject;
  });
}

function changed(value: unknown, [key, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (String(index) === key ? changed(item, rest, change) : item));
    return items.filter((item) => item !== undefined);
  }
  const holder = value as Readonly<Record<string, unknown>> | undefined;
  const fields = Object.entries({ ...holder, [key]: changed(holder?.[key], rest, change) });
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** The made-up release without one object. */
export function releaseWithout(name: string): KubernetesObject[] {
  const objects = fluxManifest().filter(({ kind, metadata }) => `${kind} ${metadata.name}` !== name);
  if (objects.length === fluxManifest().length) throw new Error(`the made-up release has no ${name}`);
  return objects;
}
