import { writeFileSync } from "node:fs";
import { Runner, reporters } from "mocha";

// Not TypeScript: mocha loads a reporter by require(), for which the run would need tsx's hooks for CommonJS modules (hooks in
// mocha-run.ts).

/** Lines of an error that are enough to know it again; the whole of it stands in the report above. */
const lines = 12;

function summary(test) {
  const error = String(test.err?.message ?? test.err ?? "no error").split("\n");
  // Set when a file could not be loaded, or its process crashed: no test says which file that was.
  const file = test.err?.file;
  return [
    file === undefined ? test.fullTitle() : `${file}: ${test.fullTitle()}`,
    ...error.slice(0, lines).map((line) => `  ${line}`),
  ].join("\n");
}

/** The usual report, and the totals (totals.ts) in a file, so that several runs can be summed up. */
export default class TotalsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.FLEET_TEST_TOTALS;
    if (file === undefined) return;
    // Not once: in parallel mode each crash of a worker is another end, and the last one knows all of them.
    runner.on(Runner.constants.EVENT_RUN_END, () => {
      const { passes, pending } = this.stats;
      const totals = { passed: passes, failures: this.failures.map(summary), pending };
      writeFileSync(file, `${JSON.stringify(totals)}\n`);
    });
  }
}
