import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { tenantRole } from "../../../policies/rbac/reconciler.js";
import type { Case, Place } from "./cases.js";

const group = "rbac.authorization.k8s.io";

/** A Role of a tenant's own, which bindings need to be there. */
export function ownRole({ namespace }: Place): KubernetesObject {
  const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }];
  return { apiVersion: `${group}/v1`, kind: "Role", metadata: { name: "reads-configuration", namespace }, rules };
}

/** Policy fleet-role-bindings. */
export function roleBindingCases(place: Place): Case[] {
  const { namespace } = place;
  const own = { apiGroup: group, kind: "Role", name: ownRole(place).metadata.name };
  const binding = (subjects: readonly object[], roleRef: object = own): KubernetesObject => ({
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: "of-a-test", namespace },
    roleRef,
    subjects,
  });
  const account = (name: string, elsewhere = namespace) => ({ kind: "ServiceAccount", name, namespace: elsewhere });
  const people = /must be for service accounts of this namespace: add people and groups to the tenant file/;
  const platforms = /only the platform may grant rights to its accounts \(reconciler, ci-robot, fleet-\*\)/;
  return [
    {
      title: "a binding of the role of all tenants, which may hold more tomorrow",
      object: binding([account("web")], { apiGroup: group, kind: "ClusterRole", name: tenantRole }),
      refused: /must refer to a Role of this namespace: write the rules into a Role/,
    },
    {
      title: "rights for everybody who is logged in",
      object: binding([{ apiGroup: group, kind: "Group", name: "system:authenticated" }]),
      refused: people,
    },
    {
      title: "rights for somebody",
      object: binding([account("web"), { apiGroup: group, kind: "User", name: "eve@example.com" }]),
      refused: people,
    },
    {
      title: "rights for an account of another namespace",
      object: binding([account("web", "team-b")]),
      refused: people,
    },
    {
      title: "rights for all accounts of another namespace",
      object: binding([{ apiGroup: group, kind: "Group", name: "system:serviceaccounts:team-b" }]),
      refused: people,
    },
    ...["reconciler", "ci-robot", "fleet-robot"].map((name) => ({
      title: `rights for ${name}`,
      object: binding([account(name)]),
      refused: platforms,
    })),
    { title: "rights for an account of its own", object: binding([account("web"), account("default")]) },
    { title: "a binding of nobody", object: binding([]) },
  ];
}
