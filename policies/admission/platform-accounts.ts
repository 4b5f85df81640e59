import { reconciler } from "../rbac/reconciler.js";
import { robotAccount } from "../rbac/robot.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
} from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/** Service accounts that the platform keeps for itself in tenants' namespaces, beside those of its prefix. */
const platformAccountNames: readonly string[] = [reconciler, robotAccount];

/** What names of service accounts begin with that the platform keeps for itself in tenants' namespaces. */
export const PLATFORM_ACCOUNT_PREFIX = "fleet-";

/** The platform's accounts, for messages. */
export function platformAccountsText(names: readonly string[] = platformAccountNames): string {
  return `${names.join(", ")}, ${PLATFORM_ACCOUNT_PREFIX}*`;
}

/** CEL that is true when a name is that of one of the platform's accounts. @param account CEL of the name */
export function isPlatformAccount(account: string, names: readonly string[] = platformAccountNames): string {
  return `(${account} in ${celList(names)} || ${account}.startsWith('${PLATFORM_ACCOUNT_PREFIX}'))`;
}

/** Type of a Secret that Kubernetes fills with a token which never expires. */
const tokenType = "kubernetes.io/service-account-token";

/**
 * The platform's service accounts in tenants' namespaces: for Flux and for robots, not for pods, and without tokens
 * that last.
 *
 * A tenant may have deployed what its reconciler may deploy; but a pod that runs as the reconciler hands that right to
 * whoever breaks into the pod, and a token in a Secret hands it to whoever reads it once: for ever, past Git and its
 * reviews. Tokens that expire are RBAC's: the tenant's role cannot request any.
 * @param names accounts beside those whose name begins with {@link PLATFORM_ACCOUNT_PREFIX}. @default the reconciler and the robot
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
        message: `pods must not run as the platform's accounts (${accounts}), or whoever breaks into one deploys as they do: set serviceAccountName to an account of your own`,
      },
      {
        expression: `request.resource.resource != 'secrets' || !${isPlatforms("variables.tokenOf")} || variables.kubernetes || variables.platform`,
        message: `the platform's accounts (${accounts}) have no tokens that last: remove the Secret, make an account of your own, or ask the platform team for a robot`,
      },
    ],
  });
}

/** As `specChanges`; a Secret has no spec, and only one type of it matters. */
const podChangesOrToken: NamedExpression = {
  name: "pod-changes-or-token",
  expression: `request.resource.resource == 'secrets' ? object.?type.orValue('') == '${tokenType}' : request.operation == 'CREATE' || object.spec != oldObject.spec`,
};
