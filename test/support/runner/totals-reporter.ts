import { writeFileSync } from "node:fs";
import { type MochaOptions, Runner, reporters } from "mocha";

/** Variable that names the file for the totals. */
export const totalsVariable = "FLEET_TEST_TOTALS";

/** The result that a run of mocha writes at its end; a crashed run writes none. */
export interface Totals {
  readonly passed: number;
  /** The failed tests: the full name, and the beginning of the error. */
  readonly failures: readonly string[];
  /** Tests that were not run on purpose; there should be none. */
  readonly pending: number;
}

/** Lines of an error that are enough to know it again; the whole of it stands in the report above. */
const lines = 12;

function summary(test: Mocha.Test): string {
  const error = String(test.err?.message ?? test.err ?? "no error").split("\n");
  // Set when a file could not be loaded, or its process crashed: no test says which file that was.
  const { file } = (test.err ?? {}) as { readonly file?: string };
  return [
    file === undefined ? test.fullTitle() : `${file}: ${test.fullTitle()}`,
    ...error.slice(0, lines).map((line) => `  ${line}`),
  ].join("\n");
}

/** The usual report, and the totals in a file, so that several runs can be summed up. */
export default class TotalsReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env[totalsVariable];
    if (file === undefined) return;
    // Not once: in parallel mode each crash of a worker is another end, and the last one knows all of them.
    runner.on(Runner.constants.EVENT_RUN_END, () => {
      const { passes, pending } = this.stats;
      const totals: Totals = { passed: passes, failures: this.failures.map(summary), pending };
      writeFileSync(file, `${JSON.stringify(totals)}\n`);
    });
  }
}
