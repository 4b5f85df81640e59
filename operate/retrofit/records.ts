import { createHash } from "node:crypto";
import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { placeOf } from "../audit/audited-cluster.js";
import { RETROFIT_MANAGER, type RetrofitChange, type StepId, type TestedOperation } from "./step.js";

/** The ConfigMap with the former values, so that anyone who may read it can take a step back. */
export const recordsName = { namespace: FLUX_NAMESPACE, name: RETROFIT_MANAGER } as const;

const object = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().exactOptional() }),
});
const recordForm = z.object({
  step: z.string(),
  object: z.string(),
  apiVersion: z.string().regex(/^([a-z0-9][a-z0-9.-]*\/)?v[a-z0-9]+$/),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** The way back. `delete`: it did not exist. `fields`: former values by JSON pointer, null for none. */
  back: z.discriminatedUnion("type", [
    z.object({ type: z.literal("delete") }),
    z.object({ type: z.literal("keep") }),
    z.object({
      type: z.literal("fields"),
      fields: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
    }),
    z.object({ type: z.literal("create"), manifest: z.looseObject(object.shape) }),
  ]),
});

/** One change that was made, and the way back. */
export type RetrofitRecord = z.output<typeof recordForm>;

/** Kinds that a step writes, and the fields that it sets. */
const written: Readonly<Record<string, { readonly kinds: readonly string[]; readonly field?: RegExp }>> = {
  accounts: { kinds: ["ServiceAccount", "ClusterRole", "Role", "RoleBinding", "ClusterRoleBinding"] },
  syncs: { kinds: ["Kustomization", "HelmRelease"], field: /^\/spec\/(serviceAccountName|targetNamespace)$/ },
  flags: { kinds: ["Deployment"], field: /^\/spec\/template\/spec\/containers\/\d+\/args$/ },
  bindings: { kinds: ["RoleBinding", "ClusterRoleBinding"] },
};

/**
 * Records that a step can have made. Before the lockdown, each tenant may write the ConfigMap, and a way back acts with the
 * rights of the administrator.
 */
const record = recordForm
  .refine(({ step, kind, apiVersion, namespace, name, back }) => {
    const { kinds = [], field } = written[step] ?? {};
    if (!kinds.includes(kind)) return false;
    switch (back.type) {
      case "delete":
      case "keep":
        return step === "accounts";
      case "fields":
        return back.fields.every(({ path }) => field?.test(path) === true);
      case "create": {
        const { metadata, ...own } = back.manifest;
        const isSame = own.kind === kind && own.apiVersion === apiVersion && metadata.name === name;
        return step === "bindings" && isSame && metadata.namespace === namespace;
      }
    }
  }, "is no record of its step")
  .transform((one) => ({ ...one, object: `${one.kind} ${placeOf(one)}` }));

/** The record of a change. @param live the object before it. Undefined where it does not exist */
export function recordOf(step: StepId, change: RetrofitChange, live: LiveObject | undefined): RetrofitRecord {
  const { object: text, apiVersion, kind, namespace, name, action } = change;
  const common = { step, object: text, apiVersion, kind, namespace, name };
  switch (action.type) {
    case "apply":
      return { ...common, back: { type: live === undefined ? "delete" : "keep" } };
    case "delete":
      return { ...common, back: { type: "create", manifest: action.before } };
    case "patch": {
      const written = action.operations.flatMap((one) => (one.op === "test" || one.op === "remove" ? [] : [one]));
      const fields = written.map(({ path, value }) => ({ path, before: valueAt(live, path) ?? null, after: value }));
      return { ...common, back: { type: "fields", fields } };
    }
  }
}

function valueAt(object: unknown, pointer: string): unknown {
  const steps = pointer.split("/").slice(1);
  return steps.reduce<unknown>((value, step) => Object(value)[step], object);
}

/** A record with the fields that earlier records of the same object have, and it has not. */
export function joinRecords(former: RetrofitRecord | undefined, next: RetrofitRecord): RetrofitRecord {
  if (former?.back.type !== "fields" || next.back.type !== "fields") return next;
  const own = new Set(next.back.fields.map(({ path }) => path));
  const kept = former.back.fields.filter(({ path }) => !own.has(path));
  return { ...next, back: { type: "fields", fields: [...kept, ...next.back.fields] } };
}

/** Key of a record: letters, digits and dots, as Kubernetes allows them. */
export function recordKey({ step, kind, namespace = "", name }: RetrofitRecord): string {
  const digest = createHash("sha256").update([kind, namespace, name].join("\n")).digest("hex");
  return `${step}.${digest.slice(0, 16)}`;
}

/** The records of a ConfigMap. @throws Error when another one than this command wrote them */
export function readRecords(data: Readonly<Record<string, string>> = {}): RetrofitRecord[] {
  return Object.values(data).map((text) => record.parse(JSON.parse(text)));
}

/** The data of the ConfigMap. A key of a record is the same for the same object. */
export function recordsData(records: readonly RetrofitRecord[]): Record<string, string> {
  return Object.fromEntries(records.map((one) => [recordKey(one), JSON.stringify(one)]));
}

/**
 * The patch that sets former values again. It tests that the fields are those that the step set, so a later change of
 * others is kept. Undefined where the fields have their former values already.
 */
export function fieldsBack(
  fields: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[],
  live: LiveObject,
): TestedOperation[] | undefined {
  const changed = fields.filter(({ path, before }) => {
    return JSON.stringify(valueAt(live, path) ?? null) !== JSON.stringify(before);
  });
  if (changed.length === 0) return undefined;
  return changed.flatMap(({ path, before, after }): TestedOperation[] => [
    { op: "test", path, value: after },
    before === null ? { op: "remove", path } : { op: "replace", path, value: before },
  ]);
}
