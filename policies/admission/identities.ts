import { IDENTITY_ANNOTATIONS } from "../../config/tenant/service-accounts/schema.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** Looks at service accounts that are new or whose annotations change: see `specChanges` for why not at all. */
const annotationChanges: NamedExpression = {
  name: "annotation-changes",
  expression:
    "request.operation == 'CREATE' || object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})",
};

/**
 * Service accounts with an identity of the cloud, which only the platform may give.
 *
 * A cloud trusts a cluster's tokens by namespace and name of the account, and often by less: whoever sets the
 * annotation chooses which of all identities that trust this cluster the pod asks for. Everything that a cloud reads
 * from an account is refused, not only the identity: another audience or token would be a way to choose, too.
 *
 * @param more keys beside those of the clouds that are known
 */
export function identities({ labels, mode }: PolicyContext, more: readonly string[]): AdmissionPolicy {
  const domains = [...new Set(IDENTITY_ANNOTATIONS.map((key) => key.slice(0, key.indexOf("/") + 1)))];
  return admissionPolicy({
    name: "fleet-identities",
    labels,
    mode,
    resourceRules: [createOrUpdate("", ["serviceaccounts"])],
    matchConditions: [annotationChanges],
    variables: [
      { name: "domains", expression: celList(domains) },
      { name: "keys", expression: celList(more) },
      platform,
    ],
    validations: [
      {
        expression:
          "object.metadata.?annotations.orValue({}).all(key, !(key in variables.keys) && !variables.domains.exists(domain, key.startsWith(domain))) || variables.platform",
        message:
          "service accounts with an identity of the cloud are the platform's to make: remove the annotation, and write the account into the tenant's file (serviceAccounts)",
      },
    ],
  });
}
