import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { groupSubject } from "../../../lib/kubernetes/role-binding.js";
import { tenantRole } from "../../../policies/rbac/reconciler.js";
import type { Fields } from "../../support/objects/object.js";
import { account, type RoleName, readsConfigMaps, role, roleBinding, user } from "../../support/objects/rbac.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const name = "reads-configuration";

/** A Role of a tenant's own, which bindings need to be there. */
export function ownRole({ namespace }: Place): KubernetesObject {
  return role({ name, namespace }, readsConfigMaps);
}

/** Policy fleet-role-bindings. */
export function roleBindingCases(place: Place): Case[] {
  const own = (name: string, namespace = place.namespace) => account(name, namespace);
  const binding = (subjects: readonly Fields[], to: RoleName = `Role/${name}`) => roleBinding(place, to, ...subjects);
  return [
    ...refused(/must refer to a Role of this namespace: write the rules into a Role/, {
      "a binding of the role of all tenants, which may hold more tomorrow": binding(
        [own("web")],
        `ClusterRole/${tenantRole}`,
      ),
    }),
    ...refused(/must be for service accounts of this namespace: add people and groups to the tenant file/, {
      "rights for everybody who is logged in": binding([groupSubject("system:authenticated")]),
      "rights for a user": binding([own("web"), user("eve@example.com")]),
      "rights for an account of another namespace": binding([own("web", "team-b")]),
      "rights for all accounts of another namespace": binding([groupSubject("system:serviceaccounts:team-b")]),
    }),
    ...refused(
      /only the platform may grant rights to its accounts \(reconciler, ci-robot\)/,
      each(["reconciler", "ci-robot"], (name) => [`rights for ${name}`, binding([own(name)])]),
    ),
    ...allowed({
      "rights for an account of its own": binding([own("web"), own("default"), own("fleet-server")]),
      "a binding without subjects": binding([]),
    }),
  ];
}
