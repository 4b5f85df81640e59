import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Clock } from "../../lib/time/waits.js";
import { CouldNotLookError, FindingsError } from "../exit-code.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { printData } from "../output/print-data.js";
import { withProgress } from "../output/progress.js";
import { findStacks, requireStack } from "../stacks.js";
import { commandClock } from "../status/command-clock.js";
import { contextOption } from "../status/context-option.js";
import type { FleetLook, LookArgs } from "../status/look.js";
import { type LookLimits, type LookTimes, lookLimits, statusTimes } from "../status/time-limits.js";
import type { Streams } from "../streams.js";

const watchMs = 5000;
/** GitHub allows 5,000 requests an hour, and a look may have one for each branch. */
const gitHubEveryMs = 300_000;

/** The systems that the command uses, for tests. */
export interface StatusSystems extends Pick<LookArgs, "environment"> {
  readonly times: LookTimes;
  /** The clock of all waits. */
  readonly clock: Clock;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Waits until the next look of `--watch`. @returns whether there is one */
  readonly next: () => Promise<boolean>;
}

const systems: StatusSystems = {
  environment: process.env,
  times: statusTimes,
  clock: commandClock(process.env),
  now: Date.now,
  next: async () => {
    const interrupted = new AbortController();
    const interrupt = () => interrupted.abort();
    process.once("SIGINT", interrupt);
    // The abort is the usual end.
    const goesOn = await delay(watchMs, true, { signal: interrupted.signal }).catch(() => false);
    process.off("SIGINT", interrupt);
    return goesOn;
  },
};

interface StatusOptions {
  readonly context: ReadonlyMap<string, string>;
  readonly tenant?: string;
  readonly watch?: boolean;
  readonly output: DataForm;
}

const examples = `
Examples:
  npx fleet status                                   every stack, each cluster by a context of KUBECONFIG
  npx fleet status staging --tenant team-payments    one tenant on one stack
  npx fleet status --context prod-eu=prod-viewer     a stack by this context
  npx fleet status --output json | jq '.stacks[].findings'`;

/** Adds `status`. @param use the systems that it uses */
export function addStatusCommand(program: Command, streams: Streams, root: string, use = systems): void {
  program
    .command("status")
    .summary("print the state of stacks: Flux, infrastructure, and each tenant's syncs, quota and keys")
    .description(
      "print the state of stacks in one table; reads the cluster of each stack by the context of KUBECONFIG that leads to it, all at once, and changes nothing; with GITHUB_TOKEN, counts the commits that a cluster has not applied yet",
    )
    .argument("[stack...]", "stacks to show; when left out: every stack of the checkout")
    .addOption(contextOption())
    .option("--tenant <name>", "show this tenant alone")
    .option("--watch", "look again every 5 s, until Ctrl-C")
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async (named: readonly string[], options: StatusOptions, command: Command) => {
      const stacks = await chosenStacks(command, root, named);
      for (const stack of options.context.keys()) await requireStack(command, root, stack);
      if (options.tenant !== undefined) await requireTenant(command, root, stacks, options.tenant);
      const args = { root, stacks, chosen: options.context, environment: use.environment };
      await show(args, options, { streams, use });
    });
}

async function chosenStacks(command: Command, root: string, named: readonly string[]): Promise<readonly string[]> {
  const distinct = [...new Set(named)];
  for (const stack of distinct) await requireStack(command, root, stack);
  const stacks = distinct.length > 0 ? distinct : await findStacks(root);
  return stacks.length > 0 ? stacks : command.error("error: this checkout has no stack.");
}

/** A tenant of none of the stacks ends the command with exit code 2. */
async function requireTenant(command: Command, root: string, stacks: readonly string[], tenant: string): Promise<void> {
  const { readTenantFiles } = await import("../../config/files/tenant-files.js");
  const names = stacks.flatMap((stack) => [...readTenantFiles(root, stack).overlays.keys()]);
  if (names.includes(tenant)) return;
  const place = stacks.length === 1 ? `the stack ${stacks[0]} has` : `the stacks ${stacks.join(", ")} have`;
  const known = names.length === 0 ? "There are none." : `Tenants are ${[...new Set(names)].sort().join(", ")}.`;
  command.error(
    `error: ${place} no tenant ${JSON.stringify(tenant)}. ${didYouMean(nearMatches(tenant, names), known)}`,
  );
}

type ShowArgs = Omit<LookArgs, "behind" | "now" | keyof LookLimits>;

async function show(
  args: ShowArgs,
  { output, tenant, watch = false }: StatusOptions,
  { streams, use }: { readonly streams: Streams; readonly use: StatusSystems },
): Promise<void> {
  const [{ lookAtFleet }, { statusOutput }] = await Promise.all([
    import("../status/look.js"),
    import("../status/output.js"),
  ]);
  let begun = 0;
  let asked: { readonly at: number; readonly behind: FleetLook["behind"] } | undefined;
  for (;;) {
    // By the clock of waits: someone may set that of the machine meanwhile.
    const begin = use.clock.now();
    const known = asked !== undefined && begin - asked.at < gitHubEveryMs ? asked.behind : undefined;
    const limits = lookLimits(use.times, begun, use.clock);
    const look = await withProgress(`Reading ${args.stacks.join(", ")}`, () => {
      return lookAtFleet({ ...args, ...limits, now: use.now(), behind: known });
    });
    if (known === undefined) asked = { at: begin, behind: look.behind };
    const text = printData(statusOutput(look, use.now(), tenant), output);
    // Who reads this output may interrupt at once, so the wait for that begins before it.
    const next = watch ? use.next() : undefined;
    streams.out(watch && output === "table" && streams.isTerminal ? `${clearScreen}${text}` : text);
    if (next === undefined || streams.isClosed?.() || !(await next)) return judge(look, tenant);
    begun = use.clock.now();
  }
}

/** Clears the screen of a terminal. */
const clearScreen = "\u001B[2J\u001B[H";

/** @throws CouldNotLookError when a look is incomplete, and FindingsError when it has findings */
function judge({ stacks }: FleetLook, tenant: string | undefined): void {
  const problems = stacks.flatMap(({ stack, context, problems: own }) => {
    const fix = context === undefined ? `Name the context: --context ${stack}=CONTEXT` : undefined;
    return own.map((message) => ({ file: stack, path: "", message, fix }));
  });
  if (problems.length > 0) throw new CouldNotLookError(problems);
  const findings = stacks.flatMap(({ stack, status }) =>
    (status?.findings ?? [])
      .filter((text) => tenant === undefined || text.startsWith(`tenant ${tenant}: `))
      .map((text) => `${stack}: ${text}`),
  );
  if (findings.length === 0) return;
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  throw new FindingsError([`${count}:`, ...findings.map((text) => `  ${text}`)].join("\n"));
}
