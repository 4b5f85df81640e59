import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { isManagedByFleet, STACK_LABEL, TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { type Finding, finding } from "./finding.js";
import { objectText } from "./planned-objects.js";

/** A live object with its kind and identity. */
export interface ListedObject {
  readonly kind: string;
  readonly identity: string;
  readonly object: LiveObject;
}

/** The objects with the labels of a stack that are in no plan. */
export function findLeftOver(
  listed: readonly ListedObject[],
  { stack, planned }: { readonly stack: string; readonly planned: ReadonlySet<string> },
): Finding[] {
  return listed.flatMap(({ kind, identity, object: { metadata } }) => {
    const isOwn = isManagedByFleet(metadata.labels) && metadata.labels[STACK_LABEL] === stack;
    if (!isOwn || planned.has(identity)) return [];
    const tenant = metadata.labels[TENANT_LABEL];
    const place = metadata.namespace === undefined ? "" : ` --namespace ${metadata.namespace}`;
    return [
      finding("object-unplanned", {
        object: objectText({ kind, metadata }),
        owner: { tenant, file: tenant === undefined ? `Pulumi.${stack}.yaml` : `stacks/base/tenants/${tenant}.yaml` },
        difference: "has the label of this stack, and no file asks for it",
        fix: `find out who made it, then: kubectl delete ${kind.toLowerCase()} ${metadata.name}${place}`,
      }),
    ];
  });
}
