/**
/**
 * `npm run bench:diff`: the costs of `npx fleet diff` for three stacks with thirty tenants each, without Flux's own objects.
 *
 * `-- --live` also measures `npx fleet diff --live` of one stack, beside the engine's own preview of it. It needs the toolchain
 * of the sandbox. `-- --tenants COUNT` measures another number of tenants there.
 */

import { parseArgs } from "node:util";
import { measureDiff } from "./fleet-diff.js";
import { measureLiveDiff } from "./live-diff.js";
import { diffTable } from "./report.js";

const { values } = parseArgs({
  options: { live: { type: "boolean", default: false }, tenants: { type: "string", default: "30" } },
});
process.stdout.write(`${diffTable(await measureDiff())}\n`);

if (values.live) {
  const { previewSeconds, seconds, peakMemory } = await measureLiveDiff(Number(values.tenants));
  process.stdout.write(
    `fleet diff --live, 1 stack of ${values.tenants} tenants: ${seconds.toFixed(1)} s, pulumi preview ${previewSeconds.toFixed(1)} s, `,
  );
  process.stdout.write(
    `${(seconds / previewSeconds).toFixed(2)} times; ${Math.round(peakMemory)} MiB without the engine\n`,
  );
}
