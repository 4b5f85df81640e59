import { IDENTITY_ANNOTATIONS } from "../../config/tenant/service-accounts/schema.js";
import { kinds } from "../kinds.js";
import { annotations, annotationsField, cel, celList, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { platform } from "./cel/principals.js";

const domains = [...new Set(IDENTITY_ANNOTATIONS.map((key) => key.slice(0, key.indexOf("/") + 1)))];

/**
 * The policy on service accounts with a cloud identity, which only the platform may create. A cloud trusts a cluster's
 * tokens by namespace and name of the account, and often by less; the annotation chooses one of all identities that
 * trust this cluster. Every annotation of the clouds is refused, because another audience or token would choose too.
 * @param additionalKeys annotations beside those of the known clouds
 */
export function identities(additionalKeys: readonly string[]): PolicyDefinition {
  return {
    name: "fleet-identities",
    resourceRules: createOrUpdate(kinds("", "serviceaccounts")),
    matchConditions: { "annotation-changes": isNewOrChanges(annotationsField) },
    variables: { domains: celList(domains), keys: celList(additionalKeys), platform },
    validations: [
      {
        expression: cel`
          ${annotations}.all(
            key,
            !(key in variables.keys) && !variables.domains.exists(domain, key.startsWith(domain))
          )
          || variables.platform
        `,
        message:
          "only the platform may create service accounts with a cloud identity: remove the annotation, and add the account to the tenant file (serviceAccounts)",
      },
    ],
  };
}
