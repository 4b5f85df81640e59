import type { Addon } from "../../config/addons/addon.js";
import { flagger } from "../../config/addons/known/flagger.js";
import { fluxKinds, kinds } from "../kinds.js";
import { addonRules } from "../rbac/addons.js";
import { allVerbs, readVerbs, tenantRules } from "../rbac/reconciler.js";
import { cel, celList, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";

/**
 * Groups whose objects act with more rights than their author: Flux applies a sync as the account that the sync names,
 * and a role or role binding grants rights.
 */
const reservedGroups = ["rbac.authorization.k8s.io", ...fluxKinds.flatMap(({ apiGroups }) => apiGroups)];

/** Kinds that a tenant's own Role may let its accounts change, each as `GROUP/RESOURCE`. */
function writableKinds(addons: readonly Addon[]): string[] {
  const all = [...tenantRules, ...[flagger, ...addons].flatMap(addonRules)]
    .filter(({ verbs }) => verbs.includes("create"))
    .flatMap(({ apiGroups, resources }) => apiGroups.flatMap((group) => resources.map((one) => `${group}/${one}`)))
    .filter((kind) => !reservedGroups.includes(kind.replace(/\/.*$/, "")));
  return [...new Set(all)];
}

/**
 * The policy on Roles that a tenant creates. An account with a Role of the reconciler's rules would be a second
 * reconciler: it deploys past Git and its reviews, and grants its rights to further accounts, so that they outlive the
 * commit that created it. So a tenant's own Role may let its accounts read everything that the tenant can read, and
 * change workloads with their configuration. It may not let them change roles, role bindings, and Flux's kinds.
 * @param addons add-ons that the stack offers. Kubernetes itself refuses rights that the tenant does not have
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
export const roles = (addons: readonly Addon[]): PolicyDefinition => ({
  name: "fleet-roles",
  resourceRules: createOrUpdate(kinds("rbac.authorization.k8s.io", "roles")),
  matchConditions: { "rules-change": isNewOrChanges("?rules.orValue([])"), ...notThePlatform },
  variables: { readVerbs: celList(readVerbs), writable: celList(writableKinds(addons)) },
  validations: [
    {
      expression: cel`
        object.?rules.orValue([]).all(
          rule,
          rule.verbs.all(verb, verb in variables.readVerbs)
          || (
            rule.verbs.all(verb, verb in ${celList(allVerbs)})
            && rule.?apiGroups.orValue([]).all(
              group,
              rule.?resources.orValue([]).all(resource, group + '/' + resource in variables.writable)
            )
          )
        )
      `,
      message:
        "your own Roles must not let an account deploy as your reconciler does: remove create, update, patch and delete of roles, role bindings and Flux's kinds, and change these by a push",
    },
  ],
});
