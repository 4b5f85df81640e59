import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Attack, Place, Reference } from "../attack.js";
import { NAME, NEIGHBOURS_HOST, own, reference, V } from "../objects.js";
import { change, create, remove } from "../request.js";
import { cannot, either, owned, ownedNamespace } from "./messages.js";

const category = "tampering";

/** What the platform made in the tenant's namespace. */
const platforms = {
  quota: ({ namespace }: Place) => reference("v1", "ResourceQuota", "tenant", namespace),
  fluxQuota: ({ namespace }: Place) => reference("v1", "ResourceQuota", "tenant-flux", namespace),
  limitRange: ({ namespace }: Place) => reference("v1", "LimitRange", "tenant", namespace),
  network: ({ namespace }: Place) => reference(V.network, "NetworkPolicy", "tenant", namespace),
  sync: ({ namespace, tenant }: Place) => reference(V.kustomize, "Kustomization", tenant, namespace),
  source: ({ namespace, tenant }: Place) => reference(V.git, "GitRepository", tenant, namespace),
  secret: ({ namespace }: Place) => reference("v1", "Secret", "tenant-git", namespace),
  account: ({ namespace }: Place) => reference("v1", "ServiceAccount", "reconciler", namespace),
  namespace: ({ namespace }: Place) => reference("v1", "Namespace", namespace),
};

const withinNamespace = /your own network policies may only allow connections within this namespace/;

/** What the platform's bounds are, and who guards them. */
function bounds(id: string, title: string, what: (place: Place) => Reference, patch: object | "removed"): Attack {
  const resource = `${what(nowhere).kind.toLowerCase().replace(/y$/, "ie")}s`;
  const verb = patch === "removed" ? "delete" : "patch";
  return {
    id,
    title,
    category,
    by: "reconciler",
    benchmark: resource === "resourcequotas" ? "quota-changes" : "multitenant-resources",
    stoppedBy: [
      { control: "tenant-role", message: cannot(verb, resource) },
      { control: "fleet-owned-objects", message: owned },
    ],
    attempt: (place) => ({
      kind: "request",
      request: patch === "removed" ? remove(what(place)) : change(what(place), patch),
    }),
  };
}

/** What the tenant's role would let it change, were it not the platform's. */
function guarded(id: string, title: string, what: (place: Place) => Reference, patch: object | "removed"): Attack {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-owned-objects", message: owned }],
    attempt: (place) => ({
      kind: "request",
      request: patch === "removed" ? remove(what(place)) : change(what(place), patch),
    }),
  };
}

/** Others' objects, changed. */
function elsewhere(
  id: string,
  title: string,
  what: (place: Place) => Reference,
  patch: object | "removed",
  message: RegExp,
) {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", message }],
    attempt: (place) => ({
      kind: "request",
      request: patch === "removed" ? remove(what(place)) : change(what(place), patch),
    }),
  } as const satisfies Attack;
}

/** For the kinds of objects alone. */
const nowhere: Place = {
  tenant: "",
  namespace: "",
  neighbour: "",
  organisation: "",
  gitHub: "",
  apiServer: "",
  apiCertificate: "",
  trace: "",
  secretFile: "",
  exfiltrationServer: "",
};

const suspend = { spec: { suspend: true } };

/** Changes of what keeps the tenant within its bounds, or the others going. */
export const tampering: readonly Attack[] = [
  bounds("quota-raised", "raises its quota", platforms.quota, { spec: { hard: { "limits.cpu": "1000" } } }),
  bounds("quota-deleted", "deletes its quota", platforms.quota, "removed"),
  bounds("flux-quota-emptied", "empties its quota of Flux's kinds", platforms.fluxQuota, { spec: { hard: null } }),
  bounds("limit-range-deleted", "deletes its limit range", platforms.limitRange, "removed"),
  {
    ...guarded("network-opened", "lets its network policy allow everything", platforms.network, {
      spec: { egress: [{}] },
    }),
    stoppedBy: [
      // Both refuse it from the start, and the API server tells one of them.
      { control: "fleet-owned-objects", message: either(owned, withinNamespace) },
      { control: "fleet-network-policies", message: withinNamespace },
    ],
  },
  guarded("network-policy-deleted", "deletes its network policy", platforms.network, "removed"),
  {
    id: "network-policy-added",
    title: "adds a network policy that allows everything",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-network-policies", message: withinNamespace }],
    attempt: (place) => ({
      kind: "request",
      request: create(own(place, V.network, "NetworkPolicy", { spec: { podSelector: {}, egress: [{}] } })),
    }),
  },
  {
    id: "namespace-loosened",
    title: "lets its namespace run privileged pods",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "tenant-role", message: cannot("patch", "namespaces") },
      { control: "fleet-owned-namespaces", message: ownedNamespace },
    ],
    attempt: (place) => ({
      kind: "request",
      request: change(platforms.namespace(place), {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      }),
    }),
  },
  {
    id: "namespace-hosts",
    title: "lists the neighbour's host as its own, where the policy looks for them",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "tenant-role", message: cannot("patch", "namespaces") },
      { control: "fleet-owned-namespaces", message: ownedNamespace },
    ],
    attempt: (place) => ({
      kind: "request",
      request: change(platforms.namespace(place), {
        metadata: { annotations: { "fleet.dev/hosts": NEIGHBOURS_HOST } },
      }),
    }),
  },
  {
    id: "namespace-unlabelled",
    title: "takes the tenant's label from its namespace, by which the policies know it",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "tenant-role", message: cannot("patch", "namespaces") },
      { control: "fleet-owned-namespaces", message: ownedNamespace },
    ],
    attempt: (place) => ({
      kind: "request",
      request: change(platforms.namespace(place), { metadata: { labels: { "fleet.dev/tenant": null } } }),
    }),
  },
  {
    id: "namespace-deleted",
    title: "deletes its namespace",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "tenant-role", message: cannot("delete", "namespaces") },
      { control: "fleet-owned-namespaces", message: ownedNamespace },
    ],
    attempt: (place) => ({ kind: "request", request: remove(platforms.namespace(place)) }),
  },
  {
    id: "root-sync-pushed",
    title: "pushes its own root sync, changed",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-owned-objects", message: /kustomizations [a-z/-]+ belongs to the platform: remove it/ },
    ],
    attempt: (place) => ({
      kind: "push",
      object: {
        ...platforms.sync(place),
        metadata: {
          ...platforms.sync(place).metadata,
          // Once it has gone through, the next push has it no more: Flux would remove the sync, and all that it made.
          annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" },
        },
        spec: {
          interval: "7m",
          prune: true,
          // It could not become ready while it waits for itself.
          wait: false,
          serviceAccountName: "reconciler",
          path: "./deploy/staging",
          sourceRef: { kind: "GitRepository", name: place.tenant },
        },
      },
    }),
  },
  guarded("root-sync-suspended", "suspends its root sync", platforms.sync, suspend),
  guarded("root-sync-account", "has its root sync act as another account", platforms.sync, {
    spec: { serviceAccountName: "application" },
  }),
  guarded(
    "root-sync-finalizer",
    "takes Flux's finalizer from its root sync, so that nothing is pruned",
    platforms.sync,
    {
      metadata: { finalizers: null },
    },
  ),
  guarded("root-sync-deleted", "deletes its root sync", platforms.sync, "removed"),
  guarded("root-source-changed", "has its root source follow another branch", platforms.source, {
    spec: { ref: { branch: "unreviewed" } },
  }),
  guarded("git-secret-changed", "puts a key of its own into the Secret of its root source", platforms.secret, {
    stringData: { identity: "another key" },
  }),
  guarded("reconciler-deleted", "deletes its reconciler's account", platforms.account, "removed"),
  guarded("label-taken-off", "takes the platform's label from its root sync", platforms.sync, {
    metadata: { labels: { "app.kubernetes.io/managed-by": null } },
  }),
  {
    id: "label-put-on",
    title: "labels an object of its own as the platform's",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "fleet-owned-objects", message: /marks the platform's own objects: remove it from your object/ },
    ],
    attempt: ({ namespace }) => ({
      kind: "request",
      request: create({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: NAME, namespace, labels: { "app.kubernetes.io/managed-by": "fleet" } },
      }),
    }),
  },
  {
    id: "finalizer-for-ever",
    title: "puts a finalizer on an object of its own, so that its namespace can never be removed",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "fleet-finalizers", message: /finalizers prevent the removal of an object and of its namespace/ },
    ],
    attempt: ({ namespace }) => ({
      kind: "request",
      request: create({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: NAME, namespace, finalizers: ["example.com/never"] } as KubernetesObject["metadata"],
      }),
    }),
  },
  elsewhere(
    "neighbours-sync-suspended",
    "suspends the neighbour's sync",
    ({ neighbour }) => reference(V.kustomize, "Kustomization", neighbour, neighbour),
    suspend,
    cannot("patch", "kustomizations"),
  ),
  elsewhere(
    "platforms-sync-suspended",
    "suspends the platform's sync",
    () => reference(V.kustomize, "Kustomization", "platform", "flux-system"),
    suspend,
    cannot("patch", "kustomizations"),
  ),
  elsewhere(
    "controller-stopped",
    "stops kustomize-controller",
    () => reference(V.apps, "Deployment", "kustomize-controller", "flux-system"),
    { spec: { replicas: 0 } },
    cannot("patch", "deployments"),
  ),
  elsewhere(
    "policy-deleted",
    "deletes an admission policy",
    () => reference(V.admission, "ValidatingAdmissionPolicy", "fleet-flux-sync"),
    "removed",
    cannot("delete", "validatingadmissionpolicies"),
  ),
  elsewhere(
    "neighbours-namespace-deleted",
    "deletes the neighbour's namespace",
    ({ neighbour }) => reference("v1", "Namespace", neighbour),
    "removed",
    cannot("delete", "namespaces"),
  ),
];
