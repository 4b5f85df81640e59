import { createHash } from "node:crypto";
import type { Manifest } from "./typed-kind.js";

/**
 * A digest of a manifest's content, `sha256:…`. The order of objects and keys, comments, and YAML's quoting and wrapping
 * make no difference, so that the release's file and one generated from the same sources agree. The order of a list does,
 * because it has a meaning in Kubernetes (arguments, rules), and so does a duplicate object.
 */
export function manifestDigest(objects: Manifest): string {
  const lines = objects.map(canonicalJson).sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}

/**
 * JSON with the keys of every object sorted by code unit, and no white space.
 * @throws TypeError on values that JSON cannot represent (undefined in a list, functions, numbers that are not finite)
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
  }
  const scalar = JSON.stringify(value);
  if (scalar === undefined || (typeof value === "number" && !Number.isFinite(value))) {
    throw new TypeError(`${String(value)} has no canonical form: a manifest holds only what JSON can say`);
  }
  return scalar;
}
