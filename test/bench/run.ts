/**
 * `npm run bench`: what the program costs, beside the least that it could cost, measured in the same run.
 *
 *     npm run bench
 *     npm run bench -- --tenants 25 --growth 10,50 --json result.json
 *     npm run bench -- --pushes
 *     npm run bench -- --peer opentofu --peer-tenants 10,30,100 --rounds 5
 *
 * Exit code 1 when a budget is broken or something failed. Budgets are counts; no time can break one.
 */
import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { explain } from "../../cli/explain.js";
import { runSteps } from "../../cli/start/tasks.js";
import { parseCount, parseCounts } from "./arguments.js";
import { type BenchContext, benchStep } from "./bench.js";
import { isKept } from "./budgets.js";
import { type DiffContext, diffStep } from "./fleet-diff.js";
import { type GrowthContext, growthStep } from "./growth.js";
import { type LiveDiffContext, liveDiffStep } from "./live-diff.js";
import { type OneTenantContext, oneTenantStep } from "./one-tenant.js";
import { type Peer, parsePeer, peers } from "./peer/peers.js";
import { type PeerContext, peerPartsStep, peerStep } from "./peer/step.js";
import { type PushesContext, pushesStep } from "./pushes.js";
import { renderReport } from "./report.js";
import type { BenchResult } from "./result.js";
import { endSandboxes, endWhenInterrupted, register } from "./sandboxes.js";

interface Options {
  readonly tenants: number;
  readonly growth: readonly number[];
  /** Numbers of tenants of fleets in which one tenant is changed. */
  readonly oneTenant: readonly number[];
  /** How many tenants the stack has of which `fleet diff --live` is measured. @default none */
  readonly liveDiff?: number;
  /** How many pushes to measure. @default none */
  readonly pushes?: number;
  /** @default none */
  readonly peer?: Peer;
  /** Numbers of tenants to measure beside the peer. @default - `tenants` */
  readonly peerTenants?: readonly number[];
  /** Rounds beside the peer. */
  readonly rounds: number;
  readonly json?: string;
}

async function measure({
  tenants,
  growth,
  oneTenant,
  liveDiff,
  pushes,
  peer,
  peerTenants,
  rounds,
}: Options): Promise<BenchResult> {
  const sizes = peer === undefined ? [] : (peerTenants ?? [tenants]);
  const steps = [
    ...(peer === undefined ? [] : [peerPartsStep]),
    benchStep(tenants, register),
    endStep,
    diffStep,
    ...(liveDiff === undefined ? [] : [liveDiffStep(liveDiff, register)]),
    ...growth.map((size) => growthStep(size, register)),
    ...oneTenant.map((size) => oneTenantStep(size, register)),
    ...(pushes === undefined ? [] : [pushesStep(pushes, register)]),
    ...sizes.map((size) => peerStep(size, rounds, register)),
  ];
  const measured = await runSteps<
    BenchContext & GrowthContext & OneTenantContext & PushesContext & PeerContext & DiffContext & LiveDiffContext
  >(steps);
  const { result, peerParts: _, ...further } = measured;
  if (result === undefined) throw new Error("The benchmark ended without a result.");
  return { ...result, ...further };
}

/** Before growth is measured: two sandboxes would share the machine. */
const endStep = { title: "End of the sandbox", task: endSandboxes };

async function main(options: Options): Promise<void> {
  const result = await measure(options);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(renderReport(result));
  const broken = result.budgets.filter((budget) => !isKept(budget));
  for (const { what, counted, atMost } of broken) {
    process.stderr.write(`Budget broken: ${what}: ${counted}, at most ${atMost}.\n`);
  }
  if (broken.length > 0) process.exitCode = 1;
}

endWhenInterrupted();

const command = new Command("npm run bench --")
  .description("Measures what the program costs on a sandbox of its own, beside the least that it could cost.")
  .option("--tenants <number>", "how many tenants", parseCount, 10)
  .option("--growth <list>", "sizes to measure growth over, as in 10,50", parseCounts, [])
  .option(
    "--one-tenant <list>",
    "sizes in which one tenant is changed by fleet up --tenant too, as in 10,50",
    parseCounts,
    [],
  )
  .addOption(
    new Option("--live-diff [number]", "also measure `npx fleet diff --live` of a stack of 30 tenants, or this many")
      .preset("30")
      .argParser(parseCount),
  )
  .addOption(
    new Option("--pushes [number]", "also measure pushes until they are applied: 20, or this many")
      .preset("20")
      .argParser(parseCount),
  )
  .option("--peer <name>", `also measure another program on the same objects: ${peers.join(", ")}`, parsePeer)
  .option(
    "--peer-tenants <list>",
    "sizes to measure beside the peer, as in 10,30,100 (default: --tenants)",
    parseCounts,
  )
  .option("--rounds <number>", "rounds beside the peer", parseCount, 2)
  .option("--json <file>", "also write the result to a file, as JSON");

try {
  const options = command.parse().opts<Options>();
  for (const name of ["peerTenants", "rounds"]) {
    if (options.peer === undefined && command.getOptionValueSource(name) === "cli") {
      command.error("error: --peer-tenants and --rounds need --peer.");
    }
  }
  await main(options);
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
} finally {
  await endSandboxes();
}
