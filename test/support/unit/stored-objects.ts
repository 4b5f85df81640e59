import { isDeepStrictEqual } from "node:util";
import type { ApiAnswer } from "../../../cli/cluster/api-client.js";
import { isPlainObject } from "../../../lib/data/merge.js";

/** An object that a fake API server stores. */
export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A refusal, as an API server answers it. */
export function refusal(status: number, message: string): ApiAnswer {
  return { status, body: { kind: "Status", status: "Failure", code: status, message } };
}

/**
 * Fields with those of a server-side apply. Fields that the same client applied before, and no longer applies, go. Lists are
 * replaced whole.
 * @param former fields of the last apply of the client
 */
export function merged(before: unknown, applied: unknown, former?: unknown): unknown {
  if (!isPlainObject(before) || !isPlainObject(applied)) return applied;
  const own: Readonly<Record<string, unknown>> = isPlainObject(former) ? former : {};
  const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(own, name) || Object.hasOwn(applied, name));
  const fields = Object.entries(applied).map(([name, value]) => [name, merged(before[name], value, own[name])]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(fields) };
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** The object after a JSON patch. Undefined when a test of it fails. */
export function patched(object: StoredObject, operations: readonly Operation[]): StoredObject | undefined {
  const copy = structuredClone(object) as StoredObject;
  for (const { op, path, value } of operations) {
    const steps = path.split("/").slice(1);
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>((one, step) => (one as Record<string, unknown>)[step], copy);
    const fields = parent as Record<string, unknown>;
    if (op === "test" && !isDeepStrictEqual(fields[last], value)) return undefined;
    if (op === "remove") delete fields[last];
    if (op === "add" || op === "replace") fields[last] = value;
  }
  return copy;
}
