import type { CommitStatusRecord, RepositoryRecord, Rule } from "../state/records.js";

/** The newest state of a commit by the name of the check. */
export function stateOfCommit(
  { statuses }: Pick<RepositoryRecord, "statuses">,
  sha: string,
): ReadonlyMap<string, CommitStatusRecord["state"]> {
  return new Map(statuses.filter((status) => status.sha === sha).map(({ context, state }) => [context, state]));
}

/** The state of a commit as a whole: that of its worst check, and pending without any. */
export function combinedState(states: readonly CommitStatusRecord["state"][]): "failure" | "pending" | "success" {
  if (states.some((state) => state === "failure" || state === "error")) return "failure";
  return states.length === 0 || states.includes("pending") ? "pending" : "success";
}

/** The sentences about required checks that a commit has not passed. */
export function missingChecks(repository: Pick<RepositoryRecord, "statuses">, rule: Rule, sha: string): string[] {
  const states = stateOfCommit(repository, sha);
  return requiredChecks(rule).flatMap(({ context, isOfApp }) => {
    // The emulator's statuses belong to no App, so a check that must come from one is still expected.
    const state = isOfApp ? undefined : states.get(context);
    if (state === "success") return [];
    const word = state === undefined ? "expected" : state === "pending" ? "pending" : "failing";
    return [`Required status check "${context}" is ${word}.`];
  });
}

function requiredChecks({ parameters }: Rule): { readonly context: string; readonly isOfApp: boolean }[] {
  const list = parameters?.required_status_checks;
  if (!Array.isArray(list)) return [];
  return list.map(({ context, integration_id: app }: { context?: unknown; integration_id?: unknown }) => {
    return { context: String(context), isOfApp: typeof app === "number" };
  });
}
