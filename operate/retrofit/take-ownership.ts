import { mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FIELD_MANAGER } from "../../lib/kubernetes/ownership-labels.js";
import type { TestedOperation } from "./step.js";

type ManagedFields = LiveObject["metadata"]["managedFields"][number];

/**
 * The JSON patch by which the program becomes the owner of all fields that others have applied. Without it, its first
 * apply would add its fields to theirs: a variable would get a second source, and what a file does not declare would stay.
 * Notes of controllers, on finalizers and status, are left alone.
 * @returns no operation where the program owns all applied fields already
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export function takeOwnership({ metadata: { managedFields } }: LiveObject): readonly TestedOperation[] {
  const applied = managedFields.map((entry, index) => ({ entry, index })).filter(({ entry }) => isApplied(entry));
  const [kept, ...others] = applied;
  if (kept === undefined || applied.every(({ entry }) => isOwn(entry))) return [];
  const place = ({ index }: { readonly index: number }) => `/metadata/managedFields/${index}`;
  const fields = applied.reduce<PlainObject>((all, { entry }) => mergeOverlay(all, entry.fieldsV1), {});
  return [
    ...applied.map((one) => ({ op: "test", path: `${place(one)}/manager`, value: one.entry.manager }) as const),
    { op: "replace", path: `${place(kept)}/manager`, value: FIELD_MANAGER },
    { op: "replace", path: `${place(kept)}/operation`, value: "Apply" },
    ...(others.length === 0 ? [] : [{ op: "replace", path: `${place(kept)}/fieldsV1`, value: fields } as const]),
    ...others.toReversed().map((one) => ({ op: "remove", path: place(one) }) as const),
  ];
}

function isOwn({ manager, operation }: ManagedFields): boolean {
  return manager === FIELD_MANAGER && operation === "Apply";
}

/** Whether a client has applied the fields: by server-side apply, or by kubectl's commands for people. */
function isApplied({ manager, operation, subresource }: ManagedFields): boolean {
  return subresource === undefined && (operation === "Apply" || manager.startsWith("kubectl"));
}
