import { IDENTITY_ANNOTATIONS } from "../../config/tenant/service-accounts/schema.js";
import { cel, celList } from "./cel/cel.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** Selects service accounts that are new or whose annotations change; `specChanges` has the reason. */
const annotationChanges: NamedExpression = {
  name: "annotation-changes",
  expression: cel`
    request.operation == 'CREATE'
    || object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})
  `,
};

/**
 * The policy on service accounts with a cloud identity, which only the platform may create.
 *
 * A cloud trusts a cluster's tokens by namespace and name of the account, and often by less. The annotation chooses one
 * of all identities that trust this cluster. The policy refuses every annotation of the clouds and not only the identity,
 * because another audience or token would choose as well.
 *
 * @param additionalKeys annotations beside those of the known clouds
 */
export function identities({ labels, mode }: PolicyContext, additionalKeys: readonly string[]): AdmissionPolicy {
  const domains = [...new Set(IDENTITY_ANNOTATIONS.map((key) => key.slice(0, key.indexOf("/") + 1)))];
  return admissionPolicy({
    name: "fleet-identities",
    labels,
    mode,
    resourceRules: [createOrUpdate("", ["serviceaccounts"])],
    matchConditions: [annotationChanges],
    variables: [
      { name: "domains", expression: celList(domains) },
      { name: "keys", expression: celList(additionalKeys) },
      platform,
    ],
    validations: [
      {
        expression: cel`
          object.metadata.?annotations.orValue({}).all(
            key,
            !(key in variables.keys) && !variables.domains.exists(domain, key.startsWith(domain))
          )
          || variables.platform
        `,
        message:
          "only the platform may create service accounts with a cloud identity: remove the annotation, and add the account to the tenant file (serviceAccounts)",
      },
    ],
  });
}
