import { type FieldPath, pathText } from "../../lib/kubernetes/field-path.js";
import { objectIdentity } from "../../lib/state/stack-state.js";
import type { PlannedResource } from "../planned-resource.js";
import { changedFields, type FieldChange } from "./changed-fields.js";

/** A resource that one of two revisions registers differently. */
export interface ResourceChange {
  readonly kind: "added" | "removed" | "changed";
  /** The resource of the new revision, or the removed one. */
  readonly resource: PlannedResource;
  /** The resource of the old revision. Undefined for an added one. */
  readonly before?: PlannedResource;
  /** The changed fields of its inputs, and its changed options below `options`. Empty unless the resource changed. */
  readonly fields: readonly FieldChange[];
}

/** Options that decide the fate of the object itself. */
const comparedOptions = [
  ...(["protect", "retainOnDelete", "deletedWith", "replaceOnChanges"] as const),
  // The cluster or organisation that the object is in, later changes that are never applied, and secrets in the state.
  ...(["provider", "ignoreChanges", "additionalSecretOutputs"] as const),
];

/**
 * The resources that differ between two plans of one stack. Components are left out: they are nothing on a cluster or on
 * GitHub. The order of registrations is no difference. Fields that the engine ignores are none either.
 */
export function resourceChanges(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
): ResourceChange[] {
  const [old, now] = [byIdentity(before), byIdentity(after)];
  const removed = [...old].flatMap(([key, resource]): ResourceChange[] =>
    now.has(key) ? [] : [{ kind: "removed", resource, before: resource, fields: [] }],
  );
  const others = [...now].flatMap(([key, resource]): ResourceChange[] => {
    const former = old.get(key);
    if (former === undefined) return [{ kind: "added", resource, fields: [] }];
    const fields = fieldsOf(former, resource);
    return fields.length === 0 ? [] : [{ kind: "changed", resource, before: former, fields }];
  });
  return [...removed, ...others].sort((a, b) => (sortKey(a.resource) < sortKey(b.resource) ? -1 : 1));
}

function byIdentity(resources: readonly PlannedResource[]): ReadonlyMap<string, PlannedResource> {
  const real = resources.filter(({ type }) => !type.startsWith("fleet:"));
  // An object on a cluster stays the same under another name of its resource: the program adds an alias.
  const found = new Map<string, PlannedResource>();
  for (const one of real) {
    const identity = objectIdentity(one.type, one.inputs.metadata) ?? sortKey(one);
    // A second resource for an object must not hide the first.
    found.set(found.has(identity) ? `${identity} ${sortKey(one)}` : identity, one);
  }
  return found;
}

function fieldsOf(before: PlannedResource, after: PlannedResource): FieldChange[] {
  const ignored = after.ignoreChanges ?? [];
  const inputs = changedFields(before.inputs, after.inputs).filter(({ path }) => !isIgnored(path, ignored));
  return [...inputs, ...changedFields({ options: optionsOf(before) }, { options: optionsOf(after) })];
}

function optionsOf(resource: PlannedResource): Readonly<Record<string, unknown>> {
  return Object.fromEntries(comparedOptions.map((option) => [option, resource[option]]));
}

function isIgnored(path: FieldPath, ignored: readonly string[]): boolean {
  const text = pathText(path);
  return ignored.some((field) => text === field || text.startsWith(`${field}.`) || text.startsWith(`${field}[`));
}

function sortKey({ name, type }: PlannedResource): string {
  return `${name} ${type}`;
}
