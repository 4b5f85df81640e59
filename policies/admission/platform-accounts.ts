import { kinds } from "../kinds.js";
import { reconciler } from "../rbac/reconciler.js";
import { robotAccount } from "../rbac/robot.js";
import { cel, celList, isNewOrChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** The platform's service accounts in tenants' namespaces. */
const accounts = [reconciler, robotAccount];

/** The platform's accounts, for messages. */
export const platformAccountsText = accounts.join(", ");

/** CEL that is true when a name is that of one of the platform's accounts. @param account CEL of the name */
export function isPlatformAccount(account: string): string {
  return `(${account} in ${celList(accounts)})`;
}

/** Type of a Secret that Kubernetes fills with a token that never expires. */
const tokenType = "kubernetes.io/service-account-token";

/** The name of the token's account, as a field. */
const tokenOf = "metadata.?annotations[?'kubernetes.io/service-account.name'].orValue('')";

/**
 * The policy on the platform's service accounts in tenants' namespaces, which are for Flux and for robots, not for pods,
 * and on tokens of all accounts. A pod that runs as the reconciler passes the reconciler's rights to every intruder of
 * that pod. A token in a Secret is valid as long as the Secret exists: it outlives the pod, and the commit that created
 * it, past Git and its reviews. RBAC covers tokens that expire: the tenant's role cannot request any.
 * @see https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token
 */
export const platformAccounts: PolicyDefinition = {
  name: "fleet-platform-accounts",
  resourceRules: [...podTemplateKinds(), ...createOrUpdate(kinds("", "secrets"))],
  matchConditions: {
    // A Secret has no spec, and only one type of Secret is checked.
    "pod-changes-or-token": cel`
      request.resource.resource == 'secrets'
      ? object.?type.orValue('') == '${tokenType}' && (${isNewOrChanges(tokenOf)})
      : ${isNewOrChanges("spec")}
    `,
  },
  variables: { platform, pod, account: "variables.pod.?serviceAccountName.orValue('')" },
  validations: [
    {
      expression: `request.resource.resource == 'secrets' || !${isPlatformAccount("variables.account")}`,
      message: `pods must not run as the platform's accounts (${platformAccountsText}), because an intruder could deploy with their rights: set serviceAccountName to your own account`,
    },
    {
      expression: "request.resource.resource != 'secrets' || variables.platform",
      message:
        "Secrets must not hold tokens of service accounts, because such tokens never expire: remove the Secret, mount the token of the pod's own account, or ask the platform team for a robot",
    },
  ],
};
