import type * as pulumi from "@pulumi/pulumi";
import { TAKEN_BACK_ANNOTATION } from "../lib/kubernetes/ownership-labels.js";
import type { Repairs } from "../lib/state/repairs.js";
import { objectIdentity, type StateIndex } from "../lib/state/stack-state.js";
import { withAnnotation } from "./field-manager.js";

/**
 * Gives the update a reason to change objects that others changed on the cluster. Pulumi compares with its state, so it
 * would see no change. An annotation names the former owner, and its new value is the change. It stays, so that the next
 * update has none. The provider then applies every field of the object, by force.
 *
 * A deleted object is replaced, because the provider cannot update it: the deletion finds nothing, and the object is
 * created again. The field `suspend` of a suspended object is left to its owner.
 * @see https://www.pulumi.com/docs/iac/concepts/options/replaceonchanges/
 * @see https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/
 */
export function takeBack(repairs: Repairs, { objects }: StateIndex): pulumi.ResourceTransformation {
  // An output in the metadata hides an object's identity, but not its resource's name.
  const stated = new Map([...objects].map(([identity, urn]) => [urn.split("$").at(-1), identity]));
  return (resource) => {
    const { type, name, props } = resource;
    const { metadata } = props as { readonly metadata?: unknown };
    const identity = objectIdentity(type, metadata) ?? stated.get(`${type}::${name}`) ?? "";
    const note = repairs.notes.get(identity);
    const noted = note === undefined ? undefined : withAnnotation(resource, TAKEN_BACK_ANNOTATION, note);
    const suspended = repairs.suspended.has(identity)
      ? withoutSuspend({ ...resource, ...noted }, objects.has(identity))
      : noted;
    if (suspended === undefined || !repairs.deleted.has(identity)) return suspended;
    return { ...suspended, opts: { ...suspended.opts, replaceOnChanges: ["*"], deleteBeforeReplace: true } };
  };
}

type Resource = Pick<pulumi.ResourceTransformationArgs, "props" | "opts">;

/** @param isInState whether the engine has a former value. Without one, it ignores no change */
function withoutSuspend({ props, opts }: Resource, isInState: boolean): Resource {
  if (isInState) {
    const { ignoreChanges = [] } = opts as pulumi.CustomResourceOptions;
    return { props, opts: { ...opts, ignoreChanges: [...ignoreChanges, "spec.suspend"] } };
  }
  const { suspend: _, ...spec } = (props as { readonly spec: Readonly<Record<string, unknown>> }).spec;
  return { props: { ...props, spec }, opts };
}
