import { kinds } from "../kinds.js";
import { reconciler } from "../rbac/reconciler.js";
import { robotAccount } from "../rbac/robot.js";
import { cel, celList, isNewOrChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

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

/**
 * The policy on the platform's service accounts in tenants' namespaces: they are for Flux and for robots, not for pods,
 * and have no tokens in Secrets. A pod that runs as the reconciler passes the reconciler's rights to every intruder of
 * that pod. A token in a Secret passes them on for ever after one read, past Git and its reviews. RBAC covers tokens
 * that expire: the tenant's role cannot request any.
 * @see https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token
 */
export const platformAccounts: PolicyDefinition = {
  name: "fleet-platform-accounts",
  resourceRules: [...podTemplateKinds(), ...createOrUpdate(kinds("", "secrets"))],
  matchConditions: {
    // A Secret has no spec, and only one type of Secret is checked.
    "pod-changes-or-token": cel`
      request.resource.resource == 'secrets'
      ? object.?type.orValue('') == '${tokenType}'
      : ${isNewOrChanges("spec")}
    `,
  },
  variables: {
    kubernetes,
    platform,
    pod,
    account: "variables.pod.?serviceAccountName.orValue('')",
    tokenOf: "object.metadata.?annotations[?'kubernetes.io/service-account.name'].orValue('')",
  },
  validations: [
    {
      expression: `request.resource.resource == 'secrets' || !${isPlatformAccount("variables.account")}`,
      message: `pods must not run as the platform's accounts (${platformAccountsText}), because an intruder could deploy with their rights: set serviceAccountName to your own account`,
    },
    {
      expression: cel`
        request.resource.resource != 'secrets'
        || !${isPlatformAccount("variables.tokenOf")}
        || variables.kubernetes
        || variables.platform
      `,
      message: `the platform's accounts (${platformAccountsText}) must not have long-lived tokens: remove the Secret, create your own account, or ask the platform team for a robot`,
    },
  ],
};
