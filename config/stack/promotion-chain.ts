import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { stackName } from "../rules/names.js";
import { readStackFile } from "./stack-file.js";

interface ChainArgs {
  readonly root: string;
  readonly stack: string;
  /** Stacks that have an overlay folder. Empty when they could not be listed. */
  readonly stacks: readonly string[];
  /** `fleet:promotesFrom` of the stack. Undefined when it is not set, or broken. */
  readonly promotesFrom: string | undefined;
}

/** The stack that a stack's file names in `fleet:promotesFrom`. */
export function predecessorOf(root: string, stack: string): string | undefined {
  const { promotesFrom = "" } = readStackFile(root, stack).config;
  return promotesFrom === "" ? undefined : promotesFrom;
}

/** Whether a setting names another stack that exists. Otherwise, its own problem says enough. */
export function isPredecessor(
  promotesFrom: string | undefined,
  { stack, stacks }: Pick<ChainArgs, "stack" | "stacks">,
): promotesFrom is string {
  return promotesFrom !== undefined && promotesFrom !== stack && stacks.includes(promotesFrom);
}

/** The problems of a stack's chain of predecessors: an unknown stack, the stack itself, a circle. */
export function chainProblems(args: ChainArgs): Problem[] {
  const { root, stack, stacks, promotesFrom } = args;
  if (promotesFrom === undefined || stacks.length === 0) return [];
  const problem = (message: string, fix: string) => {
    return [{ file: `Pulumi.${stack}.yaml`, path: "fleet:promotesFrom", message, fix }];
  };
  const others = stacks.filter((one) => one !== stack);
  if (promotesFrom === stack) {
    const fix = others.length === 0 ? "Remove it" : `Name one of: ${others.join(", ")}. Or remove it`;
    return problem("names the stack itself, so no change could ever start", fix);
  }
  if (!stacks.includes(promotesFrom)) {
    const fix = didYouMean(nearMatches(promotesFrom, others), `Name one of: ${others.join(", ")}`);
    return problem("names no stack that has an overlay folder", fix);
  }
  const circle = circleOf(root, [stack], promotesFrom);
  if (circle === undefined) return [];
  const fix = "Remove fleet:promotesFrom from the stack that a change reaches first";
  return problem(`leads into a circle, so no change could ever start: ${circle.join(" → ")}`, fix);
}

/** The chain up to the stack that comes twice. Undefined when it has an end. */
function circleOf(root: string, chain: readonly string[], next: string | undefined): readonly string[] | undefined {
  if (next === undefined) return undefined;
  const longer = [...chain, next];
  // A name that is not one must not become part of a path. That stack's own commands report it.
  if (stackName.check(next) !== undefined) return undefined;
  return chain.includes(next) ? longer : circleOf(root, longer, predecessorOf(root, next));
}
