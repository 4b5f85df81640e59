import type * as pulumi from "@pulumi/pulumi";
import { FLUX_NAMESPACE, TAKEN_BACK_ANNOTATION } from "../lib/kubernetes/ownership-labels.js";
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
  return (resource) => {
    const { type, props } = resource;
    const { metadata = {} } = props as { readonly metadata?: object };
    // Objects of the platform have Flux's namespace as an output, and no others have an output there.
    const ofPlatform = objectIdentity(type, { ...metadata, namespace: FLUX_NAMESPACE });
    const identity = objectIdentity(type, metadata) ?? ofPlatform ?? "";
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
  const { suspend, ...spec } = (props as { readonly spec: Readonly<Record<string, unknown>> }).spec;
  if (suspend === undefined) return { props, opts };
  if (isInState) {
    const { ignoreChanges = [] } = opts as pulumi.CustomResourceOptions;
    return { props, opts: { ...opts, ignoreChanges: [...ignoreChanges, "spec.suspend"] } };
  }
  return { props: { ...props, spec }, opts };
}
