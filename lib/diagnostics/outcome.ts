import { FleetError, type Problem } from "./problem.js";

/** What came of work that may fail for a reason that the reader can put right. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Waits for `work` and keeps its problems, so that they can be told together with those of other work.
 * @throws whatever was thrown that is no FleetError: that is a mistake of this program
 */
export async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (error instanceof FleetError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** The problems of all outcomes. */
export function problemsOf(outcomes: readonly Outcome<unknown>[]): Problem[] {
  return outcomes.flatMap((one) => (one.ok ? [] : one.problems));
}
