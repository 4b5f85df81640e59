import { z } from "zod";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { FleetRun } from "./fleet-run.js";
import { peakMemory } from "./peak-memory.js";
import { processorSeconds } from "./processor-seconds.js";
import type { Costs } from "./result.js";
import { secondsOf } from "./stopwatch.js";

/** The commands that are measured, by the names of the report. */
export const operateCommands = {
  status: ["status", "staging"],
  audit: ["audit", "--context", "CONTEXT"],
  "verify, cluster alone": ["verify", "staging", "--without-github", "--ssh-address", "ADDRESS"],
  verify: ["verify", "staging"],
} as const;

/** One of {@link operateCommands}. */
export type OperateCommand = keyof typeof operateCommands;

/** The costs of one command. */
export interface CommandCosts extends Costs {
  /** GiB. */
  readonly memory: number;
  /** Requests to the API server, by the command's own count. */
  readonly requests: number;
  readonly findings: number;
  /** One finding of each kind. */
  readonly named: readonly string[];
}

/** Longest text of a finding. */
const mostCharacters = 400;

/** The costs for one number of tenants. */
export interface OperateSize {
  readonly tenants: number;
  /** Seconds of the update that made them. */
  readonly upSeconds: number;
  readonly commands: Readonly<Record<OperateCommand, CommandCosts>>;
}

/** The parts of the environment that a measurement needs. */
interface Surroundings {
  /** Gets the sandbox as soon as it exists, so that the caller can end it. */
  readonly register: (sandbox: TestSandbox) => void;
  /** Says what happens. */
  readonly say: (line: string) => void;
}

/** Measures the commands on a sandbox of its own, which the caller ends. Each command runs twice, and the second run counts. */
export async function measureOperate(tenants: number, { register, say }: Surroundings): Promise<OperateSize> {
  say("a sandbox of its own");
  const fleet = await FleetRun.start(tenants, register);
  say("pulumi up");
  const { seconds: upSeconds } = await fleet.upWithoutCheckpoints();
  say(`pulumi up took ${Math.round(upSeconds)} s; waiting for the syncs`);
  await fleet.waitForSyncs(say);
  const sshAddress = await fleet.sshAddress();
  const commands: Partial<Record<OperateCommand, CommandCosts>> = {};
  for (const name of Object.keys(operateCommands) as OperateCommand[]) {
    const args = operateCommands[name].map((one) => {
      return one === "CONTEXT" ? fleet.context() : one === "ADDRESS" ? sshAddress : one;
    });
    // The first run bundles the program.
    if (name === "status") await costsOf(fleet, args);
    commands[name] = await costsOf(fleet, args);
    say(`${name}: ${commands[name].seconds.toFixed(1)} s, ${commands[name].requests} requests`);
    for (const line of commands[name].named) say(`  ${line}`);
  }
  return { tenants, upSeconds, commands: commands as OperateSize["commands"] };
}

const count = z.union([z.number(), z.object({ cluster: z.number() }).transform(({ cluster }) => cluster)]);
const findings = z.array(z.unknown()).transform((all) => {
  const byKind = new Map(all.map((one) => [Object(one).kind ?? Object(one).rule ?? one, one]));
  const named = [...byKind.values()].map((one) => JSON.stringify(one).slice(0, mostCharacters));
  return { findings: all.length, named };
});
/** The forms of the three commands' data. */
const printed = z.union([
  z
    .object({ stacks: z.tuple([z.object({ requests: count, findings })]) })
    .transform(({ stacks: [only] }) => ({ requests: only.requests, ...only.findings })),
  z.object({ requests: count, checks: z.array(z.object({ findings })) }).transform(({ requests, checks }) => ({
    requests,
    findings: checks.reduce((sum, one) => sum + one.findings.findings, 0),
    named: checks.flatMap((one) => one.findings.named),
  })),
  z.object({ requests: count, findings }).transform(({ requests, findings: found }) => ({ requests, ...found })),
]);

/** @throws Error when the command could not look */
async function costsOf(fleet: FleetRun, args: readonly string[]): Promise<CommandCosts> {
  const before = processorSeconds();
  let memory = 0;
  let output = "";
  const seconds = await secondsOf(async () => {
    const running = fleet.startCommand([...args, "--output", "json"]);
    memory = await peakMemory(running.pid ?? 0, running);
    const { exitCode, stdout, stderr } = await running;
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`fleet ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
    output = stdout;
  });
  return { seconds, processorSeconds: processorSeconds() - before, memory, ...printed.parse(JSON.parse(output)) };
}
