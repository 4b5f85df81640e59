import { createHash } from "node:crypto";

/** A digest of the URNs of a state, in any order. Two states with the same resources have the same one. */
export function resourcesDigest(urns: Iterable<string>): string {
  const sorted = [...new Set(urns)].sort();
  return createHash("sha256").update(sorted.join("\n")).digest("hex");
}
