import { stackName } from "../../config/rules/names.js";
import { chainProblems, predecessorOf } from "../../config/stack/promotion-chain.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";

/** The most waves that `.github/workflows/deploy.yml` has jobs for. */
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
  const message = `makes a chain of more than ${MOST_WAVES} stacks, and .github/workflows/deploy.yml has no job for the last`;
  const fix = "Add a job there, and raise MOST_WAVES in cli/workflow/waves.ts; or let the stack follow an earlier one";
  return fleetError(`Pulumi.${stack}.yaml`, "fleet:promotesFrom", message, fix);
}

/** The order as outputs of a workflow's step: `stacks`, `pairs`, and `wave-1` to the last one that jobs exist for. */
export function stepOutputs({ waves, pairs }: StackOrder): string {
  const numbers = Array.from({ length: MOST_WAVES }, (_, index) => index);
  const outputs: readonly (readonly [name: string, value: unknown])[] = [
    ["stacks", waves.flat()],
    ["pairs", pairs],
    ...numbers.map((index) => [`wave-${index + 1}`, waves[index] ?? []] as const),
  ];
  return outputs.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join("");
}
