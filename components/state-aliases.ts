import type * as pulumi from "@pulumi/pulumi";
import { objectIdentity, type StateIndex } from "../lib/state/stack-state.js";

/**
 * Lets a Kubernetes object keep its resource, whatever that was called before. Otherwise, Pulumi would create the object
 * under its new URN, which takes over the existing one, and then delete it under its old URN.
 * The engine prefers the URN of the resource itself, so the alias counts only when that is not in the state.
 * @see https://www.pulumi.com/docs/iac/concepts/options/aliases/
 */
export function stateAliases({ objects }: StateIndex): pulumi.ResourceTransformation {
  return ({ type, name, props, opts }) => {
    const identity = objectIdentity(type, (props as { readonly metadata?: unknown }).metadata);
    const urn = identity === undefined ? undefined : objects.get(identity);
    if (urn === undefined || urn.endsWith(`$${type}::${name}`)) return undefined;
    return { props, opts: { ...opts, aliases: [...(opts.aliases ?? []), urn] } };
  };
}

/** The options of a component with the URN that it has in the state, if any, for another name. */
export function withAlias(
  urn: string | undefined,
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  return urn === undefined ? opts : { ...opts, aliases: [urn] };
}
