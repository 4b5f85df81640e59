import { writeFileSync } from "node:fs";
import { type MochaOptions, Runner, reporters } from "mocha";

/** Variable that names the file for the totals. */
export const totalsVariable = "FLEET_TEST_TOTALS";

/** What a run of mocha writes when it has come to its end; a run that crashed has written nothing. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were not run on purpose; there should be none. */
  readonly pending: number;
}

/** The usual report, and the totals in a file, for whoever sums up several runs. */
export default class TotalsReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env[totalsVariable];
    if (file === undefined) return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const totals: Totals = { passed: passes, failed: failures, pending };
      writeFileSync(file, `${JSON.stringify(totals)}\n`);
    });
  }
}
