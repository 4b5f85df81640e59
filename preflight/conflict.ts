import type { Problem } from "../lib/diagnostics/problem.js";
import { isSameNode } from "../lib/github/node-id.js";

/** Returns the place of the setting that names an object. */
export type Locator = () => Pick<Problem, "file" | "line" | "path">;

/** A conflict of a stack with an existing object, and when there is one. */
export interface Conflict {
  readonly when: boolean | undefined;
  readonly message: string;
  readonly fix: string;
}

/** The first conflict of an object that exists, as a problem of the setting that names the object. */
export function firstConflict(object: string, locate: Locator, conflicts: readonly Conflict[]): Problem[] {
  const conflict = conflicts.find(({ when }) => when);
  return conflict ? [{ ...locate(), message: `${object} ${conflict.message}`, fix: conflict.fix }] : [];
}

/** Whether two ids of GitHub are known and differ. */
export function isAnother(id: string | undefined, stated: string | undefined): boolean {
  return id !== undefined && stated !== undefined && !isSameNode(id, stated);
}

/**
 * A mark proves nothing: the administrators of a repository write its topics, and the maintainers of a team its
 * description. So what the state does not have is taken over only by consent.
 * @param name of what would be taken over. Undefined when nothing would
 * @param people who may change it, or belong to it, in brackets
 */
export function adoptionConflicts(kind: "repositories" | "teams", name: string | undefined, people = ""): Conflict[] {
  return [
    {
      when: name !== undefined,
      message: `exists and is not in the stack's state, so it may be another's with fleet's mark${people}`,
      fix: `If it is fleet's own, check its content and its people, and then allow it by name: pulumi config set --path 'fleet:adopt.${kind}[N]' ${name}, N from 0`,
    },
  ];
}

/** The people who may change an object, in brackets. Empty when they were not asked for. */
export function changedBy(people: readonly string[] | undefined): string {
  return people === undefined ? "" : ` (it can be changed by ${people.join(", ") || "its administrators"})`;
}

/** Message about a repository or team that must exist. */
export const isMissing = "does not exist, or the token cannot see it";
