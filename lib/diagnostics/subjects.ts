import type { Problem } from "./problem.js";

/** Subjects that a message names; a longer list would hide the message. */
const mostNames = 3;

/**
 * Problems of which those that differ in their subject alone are one, whose message names the subjects: `… (team-a, team-b
 * and 7 more)`. Problems without a subject stay as they are.
 */
export function mergeSubjects(problems: readonly Problem[]): Problem[] {
  const subjects = new Map<string, { readonly problem: Problem; readonly names: Set<string> }>();
  for (const { subject, ...problem } of problems) {
    const key = JSON.stringify([problem.file, problem.line, problem.path, problem.message, problem.fix]);
    const known = subjects.get(key) ?? { problem, names: new Set<string>() };
    subjects.set(key, known);
    if (subject !== undefined) known.names.add(subject);
  }
  return [...subjects.values()].map(({ problem, names }) => {
    // Many messages name their only subject already.
    if (names.size === 0 || (names.size === 1 && [...names].some((name) => problem.message.includes(name)))) {
      return problem;
    }
    return { ...problem, message: `${problem.message} (${listedNames([...names])})` };
  });
}

/** Names in a message: the first ones, and the number of the others. */
export function listedNames(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return `${names.slice(0, mostNames).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
