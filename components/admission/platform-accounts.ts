import { reconciler } from "../tenant/identity.js";
import { robotAccount } from "../tenant/robot-objects.js";
import { pod, podMakers } from "./pod-makers.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  type NamedExpression,
  type PolicyContext,
  whenWritten,
} from "./policy.js";
import { kubernetes, platform } from "./requester.js";

/** What names of service accounts begin with that the platform keeps for itself in tenants' namespaces. */
export const PLATFORM_ACCOUNT_PREFIX = "fleet-";

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
  names: readonly string[] = [reconciler, robotAccount],
): AdmissionPolicy {
  const isPlatforms = (account: string) =>
    `(${account} in ${celList(names)} || ${account}.startsWith('${PLATFORM_ACCOUNT_PREFIX}'))`;
  return admissionPolicy({
    name: "fleet-platform-accounts",
    labels,
    mode,
    rules: [...podMakers(), whenWritten("", ["secrets"])],
    conditions: [podChangesOrToken],
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
    demands: [
      {
        expression: `request.resource.resource == 'secrets' || !${isPlatforms("variables.account")}`,
        message: `pods must not run as the platform's accounts (${names.join(", ")}, ${PLATFORM_ACCOUNT_PREFIX}*), or whoever breaks into one deploys as they do: set serviceAccountName to an account of your own`,
      },
      {
        expression: `request.resource.resource != 'secrets' || !${isPlatforms("variables.tokenOf")} || variables.kubernetes || variables.platform`,
        message: `the platform's accounts (${names.join(", ")}, ${PLATFORM_ACCOUNT_PREFIX}*) have no tokens that last: remove the Secret, make an account of your own, or ask the platform team for a robot`,
      },
    ],
  });
}

/** As `specChanges`; a Secret has no spec, and only one type of it matters. */
const podChangesOrToken: NamedExpression = {
  name: "pod-changes-or-token",
  expression: `request.resource.resource == 'secrets' ? object.?type.orValue('') == '${tokenType}' : request.operation == 'CREATE' || object.spec != oldObject.spec`,
};
