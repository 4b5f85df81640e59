import { JobError } from "../explain.js";
import type { RepositoryApi } from "./repository-api.js";
import type { StackOrder } from "./waves.js";

/** States of deployments that are not over. */
const unfinished: readonly string[] = ["in_progress", "pending", "queued", "waiting"];

/** A wave of stacks, and the commit that is deployed. */
export interface NextWaveArgs {
  readonly api: RepositoryApi;
  readonly order: StackOrder;
  /** Number of the wave, counted from 1. */
  readonly wave: number;
  readonly commit: string;
  /** Branch that is deployed. @default - deployments of all references count */
  readonly branch?: string | undefined;
}

/** The stacks of a wave. */
export interface NextWave {
  /** Those whose predecessor runs the commit, sorted. */
  readonly stacks: readonly string[];
  /** Why the others wait, one sentence each. */
  readonly waiting: readonly string[];
}

/**
 * The stacks of a wave that may be updated: those whose predecessor was updated to the commit and is Ready. A failure of one
 * stack so holds back its own followers alone. The newest deployment decides: the predecessor may have failed since.
 * @throws JobError while the update of a predecessor is not over
 */
export async function nextWave({ api, order, wave, commit, branch }: NextWaveArgs): Promise<NextWave> {
  const all = order.waves[wave - 1] ?? [];
  const pairs = order.pairs.filter(({ to }) => all.includes(to));
  const states = new Map<string, readonly string[]>();
  for (const { from } of pairs) {
    if (!states.has(from)) states.set(from, await statesOf({ api, commit, branch }, from));
  }
  const isUpdated = (stack: string) => states.get(stack)?.at(0) === "success";
  const running = [...states].find(
    ([stack, found]) => !isUpdated(stack) && found.some((one) => unfinished.includes(one)),
  );
  if (running !== undefined) {
    throw new JobError(
      `GitHub says that the update of ${running[0]} to ${commit.slice(0, 7)} is not over.\nWhat to do: re-run this job after it.`,
    );
  }
  const [updated, others] = [pairs.filter(({ from }) => isUpdated(from)), pairs.filter(({ from }) => !isUpdated(from))];
  return {
    stacks: updated.map(({ to }) => to),
    waiting: others.map(({ from, to }) => {
      const state = states.get(from)?.at(0) ?? "no deployment";
      return `${to} waits: ${from} was not updated to ${commit.slice(0, 7)} (${state}).`;
    }),
  };
}

/** The states of the deployments of a commit to a stack, the newest first. */
async function statesOf(
  { api, commit, branch }: Pick<NextWaveArgs, "api" | "commit" | "branch">,
  stack: string,
): Promise<readonly string[]> {
  const references = branch === undefined ? undefined : [branch, `refs/heads/${branch}`];
  const all = await api.deployments(stack);
  const own = all.filter(({ ref, sha }) => sha === commit && (references?.includes(ref) ?? true));
  return await Promise.all(own.map(({ id }) => api.deploymentState(id)));
}
