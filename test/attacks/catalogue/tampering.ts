import { configMap, secret } from "../../support/objects/configuration.js";
import { networkPolicy } from "../../support/objects/network.js";
import { ownerReference, plural, type Reference, reference } from "../../support/objects/object.js";
import { gitSource } from "../../support/objects/sources.js";
import { kustomization } from "../../support/objects/syncs.js";
import { attacksOf, type DeclaredAttack, type Place, type SwitchedAttack } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { placeholderTarget } from "../placeholder-target.js";
import { change, remove } from "../request.js";
import { NEIGHBOURS_HOST } from "../tenant-objects.js";
import { cannot, either, owned, ownedNamespace } from "./messages.js";

const reserved = /is reserved for an object that the platform creates when a tenant file asks for it/;

/** The platform's objects in the tenant's namespace. */
const platforms = {
  quota: ({ namespace }: Place) => reference("ResourceQuota", { name: "tenant", namespace }),
  fluxQuota: ({ namespace }: Place) => reference("ResourceQuota", { name: "tenant-flux", namespace }),
  limitRange: ({ namespace }: Place) => reference("LimitRange", { name: "tenant", namespace }),
  network: ({ namespace }: Place) => reference("NetworkPolicy", { name: "tenant", namespace }),
  sync: ({ namespace, tenant }: Place) => reference("Kustomization", { name: tenant, namespace }),
  source: ({ namespace, tenant }: Place) => reference("GitRepository", { name: tenant, namespace }),
  secret: ({ namespace }: Place) => reference("Secret", { name: "tenant-git", namespace }),
  account: ({ namespace }: Place) => reference("ServiceAccount", { name: "reconciler", namespace }),
  namespace: ({ namespace }: Place) => reference("Namespace", { name: namespace }),
};

const withinNamespace = /your own network policies may only allow connections within this namespace/;

/** An object, and its change: a patch that is merged into it, or its removal. */
type Change = readonly [what: (place: Place) => Reference, patch: object | "removed"];

/** An attack that changes an object. */
function changed(
  id: string,
  title: string,
  [what, patch]: Change,
  ...stoppedBy: SwitchedAttack["stoppedBy"]
): DeclaredAttack {
  return {
    id,
    title,
    stoppedBy,
    attempt: sends((place) => (patch === "removed" ? remove(what(place)) : change(what(place), patch))),
  };
}

/** RBAC's refusal of a change. */
function cannotBe([what, patch]: Change): RegExp {
  return cannot(patch === "removed" ? "delete" : "patch", plural(what(placeholderTarget).kind));
}

/** A change of one of the platform's bounds, which the tenant's role does not allow. */
function bounds(id: string, title: string, ...what: Change): DeclaredAttack {
  const benchmark = what[0] === platforms.limitRange ? "multitenant-resources" : "quota-changes";
  return {
    ...changed(
      id,
      title,
      what,
      { control: "tenant-role", message: cannotBe(what) },
      { control: "fleet-owned-objects", message: owned },
    ),
    benchmark,
  };
}

/** A change of an object of the platform that the tenant's role allows. */
function guarded(id: string, title: string, ...what: Change): DeclaredAttack {
  return changed(id, title, what, { control: "fleet-owned-objects", message: owned });
}

/** A change of the tenant's namespace. */
function ofNamespace(id: string, title: string, patch: object | "removed"): DeclaredAttack {
  const what = [platforms.namespace, patch] as const;
  return changed(
    id,
    title,
    what,
    { control: "tenant-role", message: cannotBe(what) },
    { control: "fleet-owned-namespaces", message: ownedNamespace },
  );
}

/** A change of others' objects. */
function elsewhere(id: string, title: string, ...what: Change): DeclaredAttack {
  return changed(id, title, what, { control: "own-namespace", message: cannotBe(what) });
}

const suspend = { spec: { suspend: true } };

/** Changes of what keeps the tenant within its bounds, or the others going. */
export const tampering = attacksOf("tampering", [
  {
    id: "name-of-a-secret",
    title: "makes a Secret that cannot be changed under a name that the platform will need, so that every update fails",
    stoppedBy: [{ control: "fleet-reserved-names", message: reserved }],
    attempt: creates(({ namespace }) =>
      secret({ name: "tenant-notify-of-a-test", namespace }, { token: "made up" }, { immutable: true }),
    ),
  },
  {
    id: "name-of-signing-keys",
    title: "makes the Secret with the keys whose signatures Flux will accept, once its file demands signatures",
    stoppedBy: [{ control: "fleet-reserved-names", message: reserved }],
    attempt: creates(({ namespace, tenant }) =>
      secret({ name: `tenant-verify-${tenant}`, namespace }, { "own.sshpub": "a key of its own" }),
    ),
  },
  {
    id: "name-of-a-config-map",
    title:
      "makes a ConfigMap that cannot be changed under the name of one that the platform will put into all namespaces",
    stoppedBy: [{ control: "fleet-reserved-names", message: reserved }],
    attempt: creates(({ namespace }) => ({
      ...configMap({ name: "fleet-common-of-a-test", namespace }, { "ca.crt": "made up" }),
      immutable: true,
    })),
  },
  {
    id: "name-of-a-policy",
    title: "makes the network policy of a Service that its file may export one day",
    stoppedBy: [{ control: "fleet-reserved-names", message: reserved }],
    attempt: creates(({ namespace }) => networkPolicy({ name: "export-of-a-test", namespace })),
  },
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
    stoppedBy: [{ control: "fleet-network-policies", message: withinNamespace }],
    attempt: creates((place) => networkPolicy(place, { egress: [{}] })),
  },
  {
    id: "network-policy-dns",
    title: "sends data to any address at the port of DNS, by a network policy as charts have it",
    stoppedBy: [{ control: "fleet-network-policies", message: withinNamespace }],
    attempt: creates((place) => networkPolicy(place, { egress: [{ ports: [{ port: 53, protocol: "UDP" }] }] })),
  },
  ofNamespace("namespace-loosened", "lets its namespace run privileged pods", {
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
  }),
  ofNamespace("namespace-hosts", "lists the neighbour's host as its own, in the annotation that the policy reads", {
    metadata: { annotations: { "fleet.dev/hosts": NEIGHBOURS_HOST } },
  }),
  ofNamespace("namespace-unlabelled", "removes the label of its namespace by which the policies select it", {
    metadata: { labels: { "fleet.dev/tenant": null } },
  }),
  ofNamespace("namespace-deleted", "deletes its namespace", "removed"),
  {
    id: "root-sync-pushed",
    title: "pushes a changed version of its own root sync",
    by: "push",
    stoppedBy: [
      { control: "fleet-owned-objects", message: /kustomizations [a-z/-]+ belongs to the platform: remove it/ },
    ],
    attempt: (place) => ({
      kind: "push",
      object: kustomization(
        {
          name: place.tenant,
          namespace: place.namespace,
          // Once it has gone through, the next push has it no more: Flux would remove the sync, and all that it made.
          annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" },
        },
        {
          interval: "7m",
          // It could not become ready while it waits for itself.
          wait: false,
          path: "./deploy/staging",
          sourceRef: gitSource(place.tenant),
        },
      ),
    }),
  },
  guarded("root-sync-suspended", "suspends its root sync", platforms.sync, suspend),
  guarded("root-sync-account", "has its root sync act as another account", platforms.sync, {
    spec: { serviceAccountName: "application" },
  }),
  guarded(
    "root-sync-finalizer",
    "removes Flux's finalizer from its root sync, so that nothing is pruned",
    platforms.sync,
    {
      metadata: { finalizers: null },
    },
  ),
  guarded("root-sync-deleted", "deletes its root sync", platforms.sync, "removed"),
  guarded("root-source-changed", "has its root source follow another branch", platforms.source, {
    spec: { ref: { branch: "unreviewed" } },
  }),
  guarded("root-source-signers", "has its root source accept signatures of a key of its own", platforms.source, {
    spec: { verify: { mode: "HEAD", secretRef: { name: "keys-of-its-own" } } },
  }),
  guarded("git-secret-changed", "puts a key of its own into the Secret of its root source", platforms.secret, {
    stringData: { identity: "another key" },
  }),
  guarded("reconciler-deleted", "deletes its reconciler's account", platforms.account, "removed"),
  guarded("label-taken-off", "removes the platform's label from its root sync", platforms.sync, {
    metadata: { labels: { "app.kubernetes.io/managed-by": null } },
  }),
  {
    id: "label-put-on",
    title: "labels an object of its own as the platform's",
    stoppedBy: [
      { control: "fleet-owned-objects", message: /marks the platform's own objects: remove it from your object/ },
    ],
    attempt: creates((place) => configMap({ ...place, labels: { "app.kubernetes.io/managed-by": "fleet" } })),
  },
  {
    id: "finalizer-for-ever",
    title: "puts a finalizer on an object of its own, so that its namespace can never be removed",
    stoppedBy: [
      { control: "fleet-finalizers", message: /finalizers prevent the removal of an object and of its namespace/ },
    ],
    attempt: creates((place) => configMap({ ...place, finalizers: ["example.com/never"] })),
  },
  {
    id: "binding-that-stays",
    title: "makes a dependent of its role binding that keeps it when the platform revokes it",
    stoppedBy: [
      {
        control: "fleet-owner-references",
        message: /an object with an owner can prevent the removal of its owner: remove metadata\.ownerReferences/,
      },
    ],
    attempt: creates((place) => {
      const binding = reference("RoleBinding", { name: "reconciler", namespace: place.namespace });
      return configMap({ ...place, ownerReferences: [ownerReference(binding)] });
    }),
  },
  elsewhere(
    "neighbours-sync-suspended",
    "suspends the neighbour's sync",
    ({ neighbour }) => reference("Kustomization", { name: neighbour, namespace: neighbour }),
    suspend,
  ),
  elsewhere(
    "platforms-sync-suspended",
    "suspends the platform's sync",
    () => reference("Kustomization", { name: "platform", namespace: "flux-system" }),
    suspend,
  ),
  elsewhere(
    "controller-stopped",
    "stops kustomize-controller",
    () => reference("Deployment", { name: "kustomize-controller", namespace: "flux-system" }),
    { spec: { replicas: 0 } },
  ),
  elsewhere(
    "policy-deleted",
    "deletes an admission policy",
    () => reference("ValidatingAdmissionPolicy", { name: "fleet-flux-sync" }),
    "removed",
  ),
  elsewhere(
    "neighbours-namespace-deleted",
    "deletes the neighbour's namespace",
    ({ neighbour }) => reference("Namespace", { name: neighbour }),
    "removed",
  ),
]);
