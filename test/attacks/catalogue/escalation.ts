import { stringify } from "yaml";
import { groupSubject, RBAC_GROUP } from "../../../lib/kubernetes/role-binding.js";
import { NAME, object, reference } from "../../support/objects/object.js";
import {
  account,
  clusterRole,
  clusterRoleBinding,
  readsConfigMaps,
  reconcilerOf,
  role,
  roleBinding,
} from "../../support/objects/rbac.js";
import { chartFiles } from "../../support/objects/repository-files.js";
import { attacksOf, type Place } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { change, create } from "../request.js";
import { releaseOf, syncOf } from "../tenant-objects.js";
import { cannot, either, forbidden, owned } from "./messages.js";

const toRole = /your own role bindings must refer to a Role of this namespace/;

/** The refusal of a Role with the reconciler's rights. */
const deploys = /your own Roles must not let an account deploy as your reconciler does/;

/** Kubernetes' own rule against granting rights that one does not have. */
const grants = /is attempting to grant RBAC permissions not currently held/;

/** A role without rules: harmless when the attack goes through, and as forbidden as any. */
const emptyRole = (name: string) => clusterRole({ name });

const wideRule = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };

/** More rights than the tenant has. */
export const escalation = attacksOf("escalation", [
  {
    id: "cluster-admin-by-token",
    title: "binds cluster-admin to itself on the whole cluster",
    benchmark: "cluster-resources",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "clusterrolebindings") }],
    attempt: creates((place) => clusterRoleBinding({}, "cluster-admin", reconcilerOf(place))),
  },
  {
    id: "cluster-admin-by-push",
    title: "pushes a ClusterRoleBinding",
    by: "push",
    stoppedBy: [{ control: "own-namespace", message: forbidden("reconciler", "clusterrolebindings") }],
    // To a role that does not exist: what follows must not be helped by it.
    attempt: (place) => ({
      kind: "push",
      object: clusterRoleBinding({ name: "cluster-admin-by-push" }, "nothing", reconcilerOf(place)),
    }),
  },
  {
    id: "admin-of-namespace",
    title: "binds cluster-admin to itself in its own namespace",
    stoppedBy: [
      { control: "tenant-role", message: grants },
      { control: "fleet-role-bindings", message: toRole },
    ],
    attempt: creates((place) => roleBinding(place, "ClusterRole/cluster-admin", reconcilerOf(place))),
  },
  {
    id: "own-role",
    title: "makes a role with escalate, bind and impersonate",
    benchmark: "role-escalation",
    stoppedBy: [
      { control: "tenant-role", message: grants },
      { control: "fleet-roles", message: deploys },
    ],
    attempt: creates((place) =>
      role(
        place,
        { apiGroups: [RBAC_GROUP], resources: ["roles", "rolebindings"], verbs: ["escalate", "bind"] },
        { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
      ),
    ),
  },
  {
    id: "second-reconciler",
    title: "makes a role by which another account of its own deploys as its reconciler does, past Git",
    stoppedBy: [{ control: "fleet-roles", message: deploys }],
    attempt: creates((place) =>
      role(place, {
        apiGroups: ["kustomize.toolkit.fluxcd.io"],
        resources: ["kustomizations"],
        verbs: ["create", "patch"],
      }),
    ),
  },
  {
    id: "rights-passed-on",
    title: "makes a role by which another account of its own grants its rights to others",
    stoppedBy: [{ control: "fleet-roles", message: deploys }],
    attempt: creates((place) =>
      role(place, { apiGroups: [RBAC_GROUP], resources: ["roles", "rolebindings"], verbs: ["create"] }),
    ),
  },
  {
    id: "own-binding-changed",
    title: "puts another account into its own role binding",
    benchmark: "multitenant-resources",
    stoppedBy: [
      // Both refuse it from the start, and the API server tells one of them.
      { control: "fleet-owned-objects", message: either(owned, toRole) },
      { control: "fleet-role-bindings", message: toRole },
    ],
    attempt: sends(({ namespace }) =>
      change(reference("RoleBinding", { name: "reconciler", namespace }), {
        subjects: [account("default", namespace)],
      }),
    ),
  },
  {
    id: "namespace-for-everybody",
    title: "gives every authenticated user rights in its namespace",
    stoppedBy: [
      {
        control: "fleet-role-bindings",
        message: /your own role bindings must be for service accounts of this namespace: add people and groups to/,
      },
    ],
    attempt: (place) => binding(place, groupSubject("system:authenticated")),
  },
  {
    id: "robot-with-more",
    title: "gives its CI robot more rights than a robot has",
    stoppedBy: [
      {
        control: "fleet-role-bindings",
        message: /only the platform may grant rights to its accounts \(reconciler, ci-robot\)/,
      },
    ],
    attempt: (place) => binding(place, account("ci-robot", place.namespace)),
  },
  {
    id: "tenant-role-widened",
    title: "adds rules to the role of all tenants",
    stoppedBy: [{ control: "own-namespace", message: cannot("patch", "clusterroles") }],
    attempt: sends(() => change(reference("ClusterRole", { name: "fleet-tenant-reconciler" }), { rules: [wideRule] })),
  },
  {
    id: "aggregated-role",
    title: "makes a ClusterRole that Kubernetes merges into admin",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "clusterroles") }],
    attempt: creates(() =>
      clusterRole({ name: NAME, labels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } }, wideRule),
    ),
  },
  {
    id: "webhook",
    title: "registers a webhook that changes every request of the cluster",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "mutatingwebhookconfigurations") }],
    attempt: creates(() => object("MutatingWebhookConfiguration", {}, { webhooks: [] })),
  },
  {
    id: "sync-without-account",
    title: "makes a Kustomization without a service account, which applies a ClusterRole",
    stoppedBy: [
      { control: "fleet-flux-sync", message: /spec\.serviceAccountName must name an account of this namespace/ },
      { control: "kustomize-default-account", message: forbidden("default", "clusterroles") },
      { control: "controllers-without-rights", message: forbidden("kustomize-controller", "clusterroles") },
    ],
    attempt: (place) => withoutAccount(place, "sync-without-account"),
  },
  {
    id: "release-without-account",
    title: "makes a HelmRelease without a service account, which applies a ClusterRole",
    stoppedBy: [
      { control: "fleet-flux-sync", message: /spec\.serviceAccountName must name an account of this namespace/ },
      { control: "helm-default-account", message: forbidden("default", "[a-z]+") },
      { control: "controllers-without-rights", message: forbidden("helm-controller", "[a-z]+") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: releaseOf(place, "release-without-account", { serviceAccountName: undefined }),
      files: chartFiles("release-without-account", emptyRole("release-without-account")),
      evidence: reference("ClusterRole", { name: "release-without-account" }),
    }),
  },
]);

/** A binding of a Role that the tenant may make, and has made. */
function binding(place: Place, subject: object) {
  const own = role({ ...place, name: "reads-configuration" }, readsConfigMaps);
  return {
    kind: "request",
    first: [own],
    request: create(roleBinding(place, `Role/${own.metadata.name}`, { ...subject })),
  } as const;
}

/** With a role that is harmless when it is made. */
function withoutAccount(place: Place, name: string) {
  return {
    kind: "sync",
    object: syncOf(place, name, { serviceAccountName: undefined }),
    files: { "role.yaml": stringify(emptyRole(name)) },
    evidence: reference("ClusterRole", { name }),
  } as const;
}
