/**
 * `npm run bench:operate`: the costs of `npx fleet status`, `audit` and `verify` on a live cluster, for fleets of some sizes.
 *
 *     npm run bench:operate
 *     npm run bench:operate -- --tenants 20,60 --json result.json
 *
 * Exit code 1 when a budget is broken or something failed. Budgets are counts of requests; no time can break one.
 */
import { writeFile } from "node:fs/promises";
import { explain } from "../../cli/explain.js";
import { isKept } from "./budgets.js";
import { measureOperate } from "./operate-costs.js";
import { operateOptions } from "./operate-options.js";
import { operateBudgets, operateTables } from "./operate-report.js";
import { endSandboxes, endWhenInterrupted, register } from "./sandboxes.js";

endWhenInterrupted();

const options = operateOptions(process.argv.slice(2));
try {
  const sizes = [];
  for (const tenants of options.tenants) {
    const say = (line: string) => process.stderr.write(`${tenants} tenants: ${line}\n`);
    sizes.push(await measureOperate(tenants, { register, say }));
    // Two sandboxes would share the machine.
    await endSandboxes();
  }
  const budgets = operateBudgets(sizes);
  process.stdout.write(operateTables(sizes, budgets));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ sizes, budgets }, null, 2)}\n`);
  for (const { what, counted, atMost } of budgets.filter((one) => !isKept(one))) {
    process.stderr.write(`Budget broken: ${what}: ${counted}, at most ${atMost}.\n`);
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
} finally {
  await endSandboxes();
}
