import { FleetError, type Problem } from "./problem.js";

type Tasks<Results> = { readonly [Name in keyof Results]: Promise<Results[Name]> };

/**
 * The problems of a FleetError.
 * @throws any other error: it is a defect of this program, and its stack trace is needed
 */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof FleetError) return error.problems;
  throw error;
}

/**
 * Waits for every task, so that the problems of one do not hide those of another.
 * @returns the results of all tasks that succeeded, by the name of their task, and the problems of all that failed
 * @throws the error of a task that failed with anything but a FleetError
 */
export async function collectProblems<Results extends object>(tasks: Tasks<Results>) {
  const results: Partial<Results> = {};
  const names = Object.keys(tasks) as (keyof Results)[];
  const settled = await Promise.allSettled(
    names.map(async (name) => {
      results[name] = await tasks[name];
    }),
  );
  const problems = settled.flatMap((task) => (task.status === "rejected" ? problemsOf(task.reason) : []));
  return { results, problems };
}

/**
 * The results of every task.
 * @throws FleetError with the problems of every task that failed
 * @throws the error of a task that failed with anything but a FleetError
 */
export async function requireResults<Results extends object>(tasks: Tasks<Results>): Promise<Results> {
  const { results, problems } = await collectProblems(tasks);
  if (problems.length > 0) throw new FleetError(problems);
  return results as Results;
}
