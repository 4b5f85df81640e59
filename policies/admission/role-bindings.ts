import { kinds } from "../kinds.js";
import { cel, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";
import { isPlatformAccount, platformAccountsText } from "./platform-accounts.js";

/**
 * The policy on role bindings that a tenant creates in its namespace. Kubernetes lets no principal grant rights that it
 * does not have, but does not check the subjects: all authenticated users, for example, or another cluster's pipeline.
 * People and groups are in the tenant file, which is reviewed, and the platform grants the rights of its own accounts.
 * A ClusterRole may have more rules tomorrow than the tenant has today; a Role is the tenant's own, and is checked
 * whenever it changes. The role of a binding cannot change.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export const roleBindings: PolicyDefinition = {
  name: "fleet-role-bindings",
  resourceRules: createOrUpdate(kinds("rbac.authorization.k8s.io", "rolebindings")),
  matchConditions: { binds: isNewOrChanges("?subjects.orValue([])"), ...notThePlatform },
  validations: [
    {
      expression: "object.roleRef.kind == 'Role'",
      message:
        "your own role bindings must refer to a Role of this namespace: write the rules into a Role, because a ClusterRole may have more rights than you",
    },
    {
      expression: cel`
        object.?subjects.orValue([]).all(
          subject,
          subject.kind == 'ServiceAccount' && subject.?namespace.orValue('') == request.namespace
        )
      `,
      message:
        "your own role bindings must be for service accounts of this namespace: add people and groups to the tenant file (access)",
    },
    {
      expression: `!object.?subjects.orValue([]).exists(subject, ${isPlatformAccount("subject.name")})`,
      message: `only the platform may grant rights to its accounts (${platformAccountsText}): bind your own account`,
    },
  ],
};
