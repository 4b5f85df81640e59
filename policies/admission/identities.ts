import { IDENTITY_ANNOTATIONS } from "../../config/tenant/service-accounts/schema.js";
import { kinds } from "../kinds.js";
import { FREE_PREFIXES } from "./annotations/known-annotations.js";
import { unknownAnnotations } from "./annotations/listed-keys.js";
import { annotations, annotationsField, cel, celList, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { ownAccount, platform } from "./cel/principals.js";

const domains = [...new Set(IDENTITY_ANNOTATIONS.map((key) => key.slice(0, key.indexOf("/") + 1)))];

/**
 * The policy on service accounts with a cloud identity, which only the platform may create. A cloud trusts a cluster's
 * tokens by namespace and name of the account, and often by less; the annotation chooses one of all identities that
 * trust this cluster. Every annotation of the clouds is refused, because another audience or token would choose too.
 *
 * Other systems read annotations of accounts as well: Vault, for example, as names in its policies. So the tenant's own
 * accounts may set only those of tools that deploy, and those that the stack allows.
 * @param additionalKeys annotations beside those of the known clouds
 * @param allowed keys, or `PREFIX/*`, that the stack leaves to the tenants
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes#workflows
 */
export function identities(additionalKeys: readonly string[], allowed: readonly string[]): PolicyDefinition {
  const free = [...FREE_PREFIXES.map((prefix) => `${prefix}/*`), "kubernetes.io/enforce-mountable-secrets"];
  return {
    name: "fleet-identities",
    resourceRules: createOrUpdate(kinds("", "serviceaccounts")),
    matchConditions: { "annotation-changes": isNewOrChanges(annotationsField) },
    variables: {
      domains: celList(domains),
      keys: celList(additionalKeys),
      platform,
      ownAccount,
      unknown: unknownAnnotations([...free, ...allowed]),
    },
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
      {
        expression: "!variables.ownAccount || variables.unknown.size() == 0",
        message:
          "annotations of service accounts must be known to grant nothing: remove them, write them without a prefix, or ask the platform team to allow them (fleet:allowedAnnotations)",
        messageExpression: cel`
          'annotations of service accounts must be known to grant nothing: remove ' + variables.unknown.join(', ')
          + ', or write them without a prefix, or ask the platform team to set fleet:allowedAnnotations: ['
          + variables.unknown.join(', ') + ']'
        `,
      },
    ],
  };
}
