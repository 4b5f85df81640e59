import type { Problem } from "../lib/diagnostics/problem.js";
import type { Part } from "./content.js";
import { historyOf, type Proof } from "./proof.js";
import type { RefusalArgs } from "./refusal.js";

/** The predecessor, and the content that the stack itself runs. */
export interface LeftOutArgs extends Pick<RefusalArgs, "stack" | "proved"> {
  /** The proof of the stack itself. */
  readonly own: Proof | undefined;
  /** Whether the update brings another version of the program or of Flux. */
  readonly isNewProgram: boolean;
}

/**
 * The problem of a tenant that the predecessor leaves as it was: the predecessor has run its program, and not this tenant with
 * it. A tenant that runs with the same program on this stack already gets nothing new.
 */
export function leftOutProblems(part: Part, { stack, proved, own, isNewProgram }: LeftOutArgs): Problem[] {
  const { kind, name, file, line, path } = part;
  const since = new Map(Object.entries(proved.leftOut ?? {})).get(name);
  if (kind !== "tenant" || since === undefined) return [];
  const isHere = Object.keys(historyOf(own, part)).length > 0 && !Object.hasOwn(own?.leftOut ?? {}, name);
  if (isHere && !isNewProgram) return [];
  const message = `the stack ${stack} leaves the tenant ${name} as it was since ${since}, so it has not run it with this version of the program and of Flux`;
  const fix = `Run pulumi up on the stack ${stack} once nothing holds back the tenant there`;
  return [{ file, line, path, message, fix }];
}
