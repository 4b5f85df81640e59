import { stackName } from "../../config/rules/names.js";
import { chainProblems, predecessorOf } from "../../config/stack/promotion-chain.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";

/** The most waves that `.github/workflows/deploy-chain.yml` has jobs for. */
export const MOST_WAVES = 4;

/** End of the name of the environment on GitHub with a stack's credentials that only read. */
const PREVIEW_SUFFIX = "-preview";

/** A stack and the stack before it, of which it promotes. */
export interface StackPair {
  readonly from: string;
  readonly to: string;
}

/** The order in which a workflow updates stacks. */
export interface StackOrder {
  /** Stacks without a predecessor, then those that follow them, and so on. Stacks of one wave are sorted. */
  readonly waves: readonly (readonly string[])[];
  readonly pairs: readonly StackPair[];
}

/**
 * The order of stacks, from their files alone.
 * @throws FleetError for a name that is none, a circle, a predecessor that does not exist, and a chain that is too long
 */
export function orderStacks(root: string, stacks: readonly string[]): StackOrder {
  const badNames = stacks.flatMap((stack) => nameProblems(stack, stacks));
  if (badNames.length > 0) throw new FleetError(badNames);
  const predecessors = new Map(stacks.map((stack) => [stack, predecessorOf(root, stack)]));
  const problems = stacks.flatMap((stack) =>
    chainProblems({ root, stack, stacks, promotesFrom: predecessors.get(stack) }),
  );
  if (problems.length > 0) throw new FleetError(problems);
  const depthOf = (stack: string): number => {
    const from = predecessors.get(stack);
    return from === undefined ? 0 : 1 + depthOf(from);
  };
  const waves: string[][] = [];
  for (const stack of [...stacks].sort()) {
    const depth = depthOf(stack);
    if (depth >= MOST_WAVES) throw tooLong(stack);
    while (waves.length <= depth) waves.push([]);
    waves[depth]?.push(stack);
  }
  const pairs = waves.flat().flatMap((to) => {
    const from = predecessors.get(to);
    return from === undefined ? [] : [{ from, to }];
  });
  return { waves, pairs };
}

function nameProblems(stack: string, stacks: readonly string[]): Problem[] {
  const problem = { file: `Pulumi.${stack}.yaml`, path: "" };
  const violation = stackName.check(stack);
  if (violation !== undefined) return [{ ...problem, ...violation }];
  const other = stacks.find((one) => stack === `${one}${PREVIEW_SUFFIX}`);
  if (other === undefined) return [];
  const message = `is of a stack named like the environment on GitHub with the credentials of ${other} that only read`;
  return [{ ...problem, message, fix: "Give the stack another name: docs/workflows.md" }];
}

function tooLong(stack: string): FleetError {
  const message = `makes a chain of more than ${MOST_WAVES} stacks, and .github/workflows/deploy-chain.yml has no job for the last`;
  const fix = "Add a job there, and raise MOST_WAVES in cli/workflow/waves.ts; or let the stack follow an earlier one";
  return fleetError(`Pulumi.${stack}.yaml`, "fleet:promotesFrom", message, fix);
}

/**
 * The order of one chain alone: a stack without a predecessor, and every stack that follows it.
 * @param first name of the stack without a predecessor
 * @returns no waves if the stack has a predecessor or does not exist
 */
export function chainOrder({ waves, pairs }: StackOrder, first: string): StackOrder {
  const members = new Set(waves[0]?.filter((stack) => stack === first));
  // Pairs are in the order of waves, so a predecessor is known before the stacks that follow it.
  for (const { from, to } of pairs) if (members.has(from)) members.add(to);
  return {
    waves: waves.map((wave) => wave.filter((stack) => members.has(stack))).filter((wave) => wave.length > 0),
    pairs: pairs.filter(({ from }) => members.has(from)),
  };
}

/**
 * The order as outputs of a workflow's step: `stacks`, `pairs` and `chains`. A chain names its first stack, and has each later
 * wave that jobs exist for as JSON text, because a called workflow takes no lists.
 */
export function stepOutputs(order: StackOrder): string {
  const { waves, pairs } = order;
  const chains = (waves[0] ?? []).map((stack) => ({ stack, ...laterWaves(chainOrder(order, stack)) }));
  const outputs: readonly (readonly [name: string, value: unknown])[] = [
    ["stacks", waves.flat()],
    ["pairs", pairs],
    ["chains", chains],
  ];
  return outputs.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join("");
}

/** `wave-2` to the last wave that jobs exist for. */
function laterWaves({ waves }: StackOrder): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: MOST_WAVES - 1 }, (_, index) => index + 2);
  return Object.fromEntries(numbers.map((number) => [`wave-${number}`, JSON.stringify(waves[number - 1] ?? [])]));
}
