/**
 * The messages that refuse attacks of several categories. Flux prints the message of the API server, the quotation marks
 * escaped or not.
 */

/** RBAC's refusal. @param resource plural, with its group if that is to be looked at */
export function cannot(verb: string, resource: string): RegExp {
  return new RegExp(`cannot ${verb} resource "${resource}"`);
}

/** RBAC's refusal with any verb: kustomize-controller reads an object before it applies it. */
export function forbidden(account: string, resource: string): RegExp {
  return new RegExp(`User "system:serviceaccount:[a-z-]+:${account}" cannot [a-z]+ resource "${resource}"`);
}

/** A refusal of the policy that guards what the platform owns. */
export const owned = /fleet-owned-objects.* belongs to the platform: remove it from your manifests/;

/** A refusal of the policy that guards namespaces. */
export const ownedNamespace = /fleet-owned-namespaces.*only the platform may change tenants' namespaces/;

/** One of two refusals. */
export function either(one: RegExp, other: RegExp): RegExp {
  return new RegExp(`${one.source}|${other.source}`);
}
