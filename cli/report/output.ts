import type { Changes } from "../../operate/report/changes.js";
import { type Outcome, outcomeOf, outcomeText } from "../../operate/report/outcome.js";
import type { Report } from "../../operate/report/report.js";
import type { CommandOutput } from "../output/print-data.js";

/** The result of a report for one stack, with its name and its words. */
export interface StackOutcome extends Outcome {
  readonly stack: string;
  readonly result: string;
}

/** The results of a report. */
export function stackOutcomes(report: Report): StackOutcome[] {
  return report.stacks.map((one) => {
    const outcome = outcomeOf(one);
    return { stack: one.stack, result: outcomeText(outcome), ...outcome };
  });
}

/** The output of the command. The page has the details. @param file of the page */
export function reportOutput(
  outcomes: readonly StackOutcome[],
  file: string,
  changes: Changes | undefined,
): CommandOutput {
  const compared = changes === undefined ? "-" : `${changes.changes.length} since ${changes.since}`;
  return {
    data: { file, stacks: outcomes, ...(changes && { changes }) },
    tables: [
      {
        head: ["Stack", "Result", "Findings", "Rights that differ"],
        rows: outcomes.map(({ stack, result, findings, deviations }) => {
          return [stack, result, String(findings), String(deviations)];
        }),
      },
      { head: ["Page", "Changes"], rows: [[file, compared]] },
    ],
  };
}
