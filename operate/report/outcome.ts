import { isDeviation } from "../access/matrix.js";
import type { Proof, StackReport } from "./report.js";

/** The result of a report for one stack. */
export interface Outcome {
  readonly findings: number;
  /** Cells of the access matrix that are not as the plan says. */
  readonly deviations: number;
  /** Whether the look is incomplete, so that nothing proves that the rest holds. */
  readonly isIncomplete: boolean;
  /** Whether the call left a check out. */
  readonly isPartial: boolean;
}

/** Whether a verification left a check out, as `--without-github` asks for. */
export function isPartial({ checks }: Proof): boolean {
  return checks.some(({ skipped }) => skipped !== undefined);
}

/** The result of a report for one stack. */
export function outcomeOf({ problems, cluster, proof }: StackReport): Outcome {
  const findings = (proof?.checks ?? []).reduce((sum, one) => sum + one.findings.length, 0);
  const deviations = (proof?.accounts ?? []).reduce((sum, { cells }) => sum + cells.filter(isDeviation).length, 0);
  const isIncomplete = problems.length > 0 || cluster === undefined || proof === undefined;
  return { findings, deviations, isIncomplete, isPartial: proof !== undefined && isPartial(proof) };
}

/** A result in words. */
export function outcomeText({ findings, deviations, isIncomplete, isPartial: isPart }: Outcome): string {
  const count = findings === 1 ? "1 finding" : `${findings} findings`;
  const found = findings + deviations === 0 ? undefined : findings === 0 ? `${deviations} rights differ` : count;
  if (isIncomplete) return found === undefined ? "could not look" : `could not look; ${found}`;
  return found ?? (isPart ? "holds, without GitHub" : "holds");
}
