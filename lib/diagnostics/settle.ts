import { FleetError, type Problem } from "./problem.js";

/** What several looks at the world came to. */
export interface Settled<Values> {
  /** What was seen, by its name; what could not be seen is left out. */
  readonly seen: Partial<Values>;
  /** Why the rest could not be seen. */
  readonly problems: readonly Problem[];
}

/**
 * Waits for all of several looks, so that what is wrong with one does not hide what is wrong with the next.
 * @throws whatever a look failed with that is no FleetError: nobody foresaw it, and its stack trace says where it was
 */
export async function settle<Values extends object>(
  looks: {
    readonly [Name in keyof Values]: Promise<Values[Name]>;
  },
): Promise<Settled<Values>> {
  const names = Object.keys(looks) as (keyof Values)[];
  const outcomes = await Promise.allSettled(names.map((name) => looks[name]));
  const seen: Partial<Values> = {};
  const problems: Problem[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const name = names[index];
    if (name === undefined) continue;
    if (outcome.status === "fulfilled") seen[name] = outcome.value;
    else if (outcome.reason instanceof FleetError) problems.push(...outcome.reason.problems);
    else throw outcome.reason;
  }
  return { seen, problems };
}

/**
 * All of several looks.
 * @throws FleetError with everything that stopped any of them; or what one of them failed with unforeseen
 */
export async function all<Values extends object>(
  looks: {
    readonly [Name in keyof Values]: Promise<Values[Name]>;
  },
): Promise<Values> {
  const { seen, problems } = await settle<Values>(looks);
  if (problems.length > 0) throw new FleetError(problems);
  return seen as Values;
}
