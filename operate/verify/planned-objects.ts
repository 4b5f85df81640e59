import { isPlainObject } from "../../lib/data/merge.js";
import { type LiveObject, liveIdentity, type ObjectType, objectType } from "../../lib/kubernetes/live-object.js";
import { MADE_BY_UPDATE } from "../../lib/kubernetes/ownership-labels.js";
import type { PlannedResource, StackPlan } from "../../review/planned-resource.js";
import { type Owner, ownerOf } from "./finding.js";

/** An object that a stack's program registers on its cluster. */
export interface PlannedObject extends ObjectType {
  /** As in a stack's state. */
  readonly identity: string;
  readonly metadata: Pick<LiveObject["metadata"], "name" | "namespace">;
  /** Fields as the program declares them, without instructions to Pulumi's provider. Marks stand for secrets. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether the program only adds fields to an object of others. */
  readonly isPatch: boolean;
  readonly owner: Owner;
}

/** Annotations that tell Pulumi's provider how to apply an object. The provider keeps most of them to itself. */
const ofProvider = "pulumi.com/";

/** Every object that a plan has on the cluster. */
export function plannedObjects({ stack, resources }: StackPlan): PlannedObject[] {
  return resources.flatMap((resource) => plannedObject(resource, stack) ?? []);
}

function plannedObject(resource: PlannedResource, stack: string): PlannedObject | undefined {
  const isPatch = /^kubernetes:.*Patch$/.test(resource.type);
  const type = objectType(isPatch ? resource.type.replace(/Patch$/, "") : resource.type);
  if (type === undefined) return undefined;
  const { apiVersion: _, kind: __, ...fields } = resource.inputs;
  const { annotations, ...metadata } = fields.metadata as { readonly name: string; readonly annotations?: unknown };
  const kept = isPlainObject(annotations)
    ? Object.entries(annotations).filter(([name]) => !name.startsWith(ofProvider) && !MADE_BY_UPDATE.includes(name))
    : [];
  return {
    ...type,
    identity: liveIdentity(type, metadata),
    metadata,
    fields: { ...fields, metadata: { labels: {}, ...metadata, annotations: Object.fromEntries(kept) } },
    isPatch,
    owner: ownerOf(resource, stack),
  };
}

/** `RoleBinding payments/reconciler` */
export function objectText({ kind, metadata }: Pick<PlannedObject, "kind" | "metadata">): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}
