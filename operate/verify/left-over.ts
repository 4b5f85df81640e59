import type { LiveObject, ObjectType } from "../../lib/kubernetes/live-object.js";
import { isManagedByFleet, STACK_LABEL, TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type Finding, finding } from "./finding.js";
import { objectText } from "./planned-objects.js";

/** A live object with its kind and identity. */
export interface ListedObject {
  readonly kind: string;
  readonly type: ObjectType;
  readonly identity: string;
  readonly object: LiveObject;
}

/** Beginning of the platform's own labels. Policies and network policies take a namespace with one for a tenant's. */
const PLATFORM_LABELS = "fleet.dev/";

/** The objects with the labels of a stack that are in no plan, and the namespaces with any label of the platform. */
export function findLeftOver(
  listed: readonly ListedObject[],
  { stack, planned }: { readonly stack: string; readonly planned: ReadonlySet<string> },
): Finding[] {
  return listed.flatMap(({ kind, identity, object: { metadata } }) => {
    const isOwn = isManagedByFleet(metadata.labels) && metadata.labels[STACK_LABEL] === stack;
    const label = Object.keys(metadata.labels).find((one) => one.startsWith(PLATFORM_LABELS));
    const isMarked = kind === "Namespace" && label !== undefined;
    if (!(isOwn || isMarked) || planned.has(identity)) return [];
    const tenant = metadata.labels[TENANT_LABEL];
    const place = metadata.namespace === undefined ? "" : ` --namespace ${shellWord(metadata.namespace)}`;
    return [
      finding("object-unplanned", {
        object: objectText({ kind, metadata }),
        owner: { tenant, file: tenant === undefined ? `Pulumi.${stack}.yaml` : `stacks/base/tenants/${tenant}.yaml` },
        difference: `has ${isOwn ? "the label of this stack" : `the platform's label ${label}`}, and no file asks for it`,
        fix: `find out who made it, then: kubectl delete ${shellWord(`${kind.toLowerCase()}/${metadata.name}`)}${place}`,
      }),
    ];
  });
}
