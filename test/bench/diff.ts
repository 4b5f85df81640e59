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
import { diffTable } from "./report.js";

async function main({ live, tenants }: DiffOptions): Promise<void> {
  process.stdout.write(`${diffTable(await measureDiff())}\n`);
  if (!live) return;
  const { previewSeconds, seconds, peakMemory } = await measureLiveDiff(tenants);
  process.stdout.write(
    `fleet diff --live, 1 stack of ${tenants} tenants: ${seconds.toFixed(1)} s, pulumi preview ${previewSeconds.toFixed(1)} s, `,
  );
  process.stdout.write(
    `${(seconds / previewSeconds).toFixed(2)} times; ${Math.round(peakMemory)} MiB without the engine\n`,
  );
}

const options = diffOptions(process.argv.slice(2));
try {
  await main(options);
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
}
