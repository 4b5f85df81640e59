import { posix } from "node:path";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { valueAt } from "../files/location.js";
import { CLUSTER_VARIABLES } from "../names.js";

/** Values in the place of variables, by name. */
export type Values = Readonly<Record<string, string>>;

/** The folder that the path of a sync means, once its variables have their values; undefined when that is unknown. */
export function folderOf(written: string, values: Values): string | undefined {
  const path = written.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (text, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : text,
  );
  return path.includes("$") ? undefined : posix.join(path).replace(/\/$/, "");
}

/**
 * The values that a sync puts in the place of variables. Later ones win, as in Flux. Undefined when it replaces none, or
 * when they come from other objects than the cluster's variables, or are unknown.
 * @param data the sync
 * @param variables values of the cluster's variables; undefined when they are unknown
 */
export function valuesOf(data: PlainObject, variables: Values | undefined): Values | undefined {
  const from = valueAt(data, ["spec", "postBuild", "substituteFrom"]) ?? [];
  const inline = valueAt(data, ["spec", "postBuild", "substitute"]) ?? {};
  if (!Array.isArray(from) || !isPlainObject(inline)) return undefined;
  if (!from.every(isClusters) || (from.length > 0 && variables === undefined)) return undefined;
  const own = Object.entries(inline).map(([name, value]) => [name, String(value)]);
  const values = { ...(from.length > 0 ? variables : {}), ...Object.fromEntries(own) };
  // Without a single value, Flux leaves every text as it is.
  return Object.keys(values).length === 0 ? undefined : values;
}

/**
 * Whether a sync may put values in the place of variables that only the cluster knows: those of other objects than the
 * cluster's variables, or of these where they are unknown.
 */
export function hasUnknownValues(data: PlainObject, variables: Values | undefined): boolean {
  const from = valueAt(data, ["spec", "postBuild", "substituteFrom"]) ?? [];
  return !Array.isArray(from) || !from.every(isClusters) || (from.length > 0 && variables === undefined);
}

/** Whether a source of values is the ConfigMap with the cluster's variables. */
function isClusters(source: unknown): boolean {
  return isPlainObject(source) && source.kind === "ConfigMap" && source.name === CLUSTER_VARIABLES;
}
