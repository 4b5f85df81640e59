/**
 * `npm run bench:diff`: the costs of `npx fleet diff` for three stacks with thirty tenants each, without Flux's own objects.
 *
 *     npm run bench:diff
 *     npm run bench:diff -- --live --tenants 10
 *
 * `--live` needs the toolchain of the sandbox.
 */
import { explain } from "../../cli/explain.js";
import { type DiffOptions, diffOptions } from "./diff-options.js";
import { measureDiff } from "./fleet-diff.js";
import { measureLiveDiff } from "./live-diff.js";
import { diffTable, liveDiffText } from "./report.js";

async function main({ live, tenants }: DiffOptions): Promise<void> {
  process.stdout.write(`${diffTable(await measureDiff())}\n`);
  if (!live) return;
  process.stdout.write(`${liveDiffText(await measureLiveDiff(tenants))}\n`);
}

const options = diffOptions(process.argv.slice(2));
try {
  await main(options);
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
}
