import { CODEOWNERS_PATH } from "../config/tenant/repositories/schema.js";
import { textAt } from "./findings/facts.js";
import type { PlannedResource } from "./planned-resource.js";

/** A line of a CODEOWNERS file. */
export interface OwnedPattern {
  /** `*` for every file. */
  readonly pattern: string;
  readonly owners: readonly string[];
}

/** Whether a resource is the CODEOWNERS file of a repository. */
export function isCodeOwners(resource: PlannedResource): boolean {
  return textAt(resource, "file") === CODEOWNERS_PATH;
}

/**
 * The lines of a CODEOWNERS file that decide about files. GitHub takes the last one that matches, so a later one can cover
 * another. A line without owners takes those of others away.
 */
export function ownedPatterns(file: PlannedResource): readonly OwnedPattern[] {
  const lines = textAt(file, "content")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): OwnedPattern => {
      const [pattern = "", ...owners] = line.split(" ").filter((word) => word !== "");
      return { pattern: pattern.replace(everything, "*"), owners };
    });
  return lines.filter(({ pattern, owners }, index) => {
    const later = lines.slice(index + 1);
    return owners.length > 0 && !later.some((one) => one.pattern === pattern || covers(one.pattern, pattern));
  });
}

/** The patterns that match every file. */
const everything = /^(\/|\/?\*\*(\/\*)?)$/;

/** Whether a pattern matches every file, or is a folder around another pattern: at the root, or anywhere without a slash. */
function covers(pattern: string, other: string): boolean {
  if (pattern === other) return false;
  const folder = `${pattern.replace(/\/(\*\*)?$/, "")}/`;
  return pattern === "*" || other.startsWith(folder) || other.startsWith(`/${folder}`);
}
