import { reconciler } from "../rbac/reconciler.js";
import { robotAccount } from "../rbac/robot.js";
import { cel, celList } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
} from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/** The platform's service accounts in tenants' namespaces, beside those with its prefix. */
const platformAccountNames: readonly string[] = [reconciler, robotAccount];

/** Prefix of further service account names that are the platform's in tenants' namespaces. */
export const PLATFORM_ACCOUNT_PREFIX = "fleet-";

/** The platform's accounts, for messages. */
export function platformAccountsText(names: readonly string[] = platformAccountNames): string {
  return `${names.join(", ")}, ${PLATFORM_ACCOUNT_PREFIX}*`;
}

/** CEL that is true when a name is that of one of the platform's accounts. @param account CEL of the name */
export function isPlatformAccount(account: string, names: readonly string[] = platformAccountNames): string {
  return `(${account} in ${celList(names)} || ${account}.startsWith('${PLATFORM_ACCOUNT_PREFIX}'))`;
}

/** Type of a Secret that Kubernetes fills with a token that never expires. */
const tokenType = "kubernetes.io/service-account-token";

/**
 * The policy on the platform's service accounts in tenants' namespaces: they are for Flux and for robots, not for pods,
 * and have no tokens in Secrets.
 *
 * A pod that runs as the reconciler passes the reconciler's rights to every intruder of that pod. A token in a Secret
 * passes them on for ever after one read, past Git and its reviews. RBAC covers tokens that expire: the tenant's role
 * cannot request any.
 * @param names accounts beside those with {@link PLATFORM_ACCOUNT_PREFIX}. @default the reconciler and the robot
 * @see https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token
 */
export function platformAccounts(
  { labels, mode }: PolicyContext,
  names: readonly string[] = platformAccountNames,
): AdmissionPolicy {
  const isPlatforms = (account: string) => isPlatformAccount(account, names);
  const accounts = platformAccountsText(names);
  return admissionPolicy({
    name: "fleet-platform-accounts",
    labels,
    mode,
    resourceRules: [...podTemplateKinds(), createOrUpdate("", ["secrets"])],
    matchConditions: [podChangesOrToken],
    variables: [
      kubernetes,
      platform,
      pod,
      { name: "account", expression: "variables.pod.?serviceAccountName.orValue('')" },
      {
        name: "tokenOf",
        expression: "object.metadata.?annotations[?'kubernetes.io/service-account.name'].orValue('')",
      },
    ],
    validations: [
      {
        expression: `request.resource.resource == 'secrets' || !${isPlatforms("variables.account")}`,
        message: `pods must not run as the platform's accounts (${accounts}), because an intruder could deploy with their rights: set serviceAccountName to your own account`,
      },
      {
        expression: cel`
          request.resource.resource != 'secrets'
          || !${isPlatforms("variables.tokenOf")}
          || variables.kubernetes
          || variables.platform
        `,
        message: `the platform's accounts (${accounts}) must not have long-lived tokens: remove the Secret, create your own account, or ask the platform team for a robot`,
      },
    ],
  });
}

/** As `specChanges`; a Secret has no spec, and only one type of Secret is checked. */
const podChangesOrToken: NamedExpression = {
  name: "pod-changes-or-token",
  expression: cel`
    request.resource.resource == 'secrets'
    ? object.?type.orValue('') == '${tokenType}'
    : request.operation == 'CREATE' || object.spec != oldObject.spec
  `,
};
