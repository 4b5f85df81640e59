import { type Command, InvalidArgumentError, Option } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { durationRule } from "../../config/rules/amounts.js";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { inForce } from "../../promotion/history.js";
import { historyIn, type Proof } from "../../promotion/proof.js";
import { PLATFORM_REVISION, sourceText } from "../../promotion/ready.js";
import { CouldNotLookError } from "../exit-code.js";
import { JobError } from "../explain.js";
import { addToJobSummary } from "../job-summary.js";
import { requireSpec } from "../load-stack.js";
import { type ReadStackOutputs, readStackOutputs } from "../stack-outputs.js";
import { requireStack } from "../stacks.js";
import { shortRevision } from "../start/tables.js";
import type { Streams } from "../streams.js";
import type { RunEngine } from "../wait/record-look.js";
import type { AppliedSince, ConnectToSyncs, SyncState } from "../wait/stack-syncs.js";

const timeoutRule = durationRule("0s", "24h", "the command looks once with 0s");

/** The systems that the command uses, for tests. */
export interface WaitSystems {
  readonly connect: ConnectToSyncs;
  readonly outputs: ReadStackOutputs;
  /** Runs the engine. @default - pulumi */
  readonly engine?: RunEngine | undefined;
}

const systems: WaitSystems = {
  // Imported here, because other commands need no client of a cluster.
  connect: async (...args) => (await import("../wait/stack-syncs.js")).connectToSyncs(...args),
  outputs: readStackOutputs,
};

interface WaitOptions {
  readonly timeout: number;
  readonly record: boolean;
  readonly leaveBroken: number;
}

/** Adds `wait`. @param use the systems that it uses */
export function addWaitCommand(program: Command, streams: Streams, root: string, use = systems): void {
  program
    .command("wait")
    .summary("wait until the platform and every tenant of a stack are Ready, and record it")
    .description(
      "wait until Flux has applied the platform and all syncs of each tenant, and all of them are Ready; reads the cluster that KUBECONFIG leads to, which must be that of the stack; records in the stack's state, by pulumi, what was Ready and what was not, also when the time is over",
    )
    .argument("<stack>", "stack whose cluster is read")
    .option(
      "--timeout <duration>",
      "time after which the command fails, like 90s or 10m; 0s looks once",
      timeoutOf,
      600_000,
    )
    .addOption(
      new Option(
        "--leave-broken <number>",
        "most tenants that may stay behind, not Ready and recorded so; all next stacks must set fleet:promotionNeeds: ready",
      )
        .default(0)
        .argParser(countOf)
        .conflicts("record"),
    )
    .option("--no-record", "only look: neither log in to the stack's backend nor write to its state")
    .action(async (named: string, options: WaitOptions, command: Command) => {
      const stack = await requireStack(command, root, named);
      await waitFor({ root, stack, spec: await requireSpec(root, stack) }, { ...options, use, streams });
    });
}

interface Waited {
  readonly root: string;
  readonly stack: string;
  readonly spec: FleetSpec;
}

interface WaitArgs extends WaitOptions {
  readonly use: WaitSystems;
  readonly streams: Streams;
}

async function waitFor({ root, stack, spec: all }: Waited, args: WaitArgs): Promise<void> {
  const { use, streams, timeout, record, leaveBroken } = args;
  const { readProof, recordLook } = await import("../wait/record-look.js");
  const { lookOf } = await import("../wait/stack-syncs.js");
  const { checkedLook } = await import("../wait/checked-look.js");
  // The record is of the parts that the stack ran before the first look.
  const readCurrent = () => readProof(root, stack, use.outputs);
  const proved = record ? await readCurrent() : undefined;
  const leftOut = Object.keys(proved?.leftOut ?? {});
  const spec = { ...all, tenants: all.tenants.filter(({ name }) => !leftOut.includes(name)) };
  for (const name of leftOut) streams.err(`${name} is not waited for: the last update of ${stack} left it out\n`);
  const { syncs, at, failure } = await ready(
    stack,
    await use.connect(spec, appliedSince(proved)),
    timeout,
    streams.err,
  );
  for (const note of syncs.flatMap(({ notes = [] }) => notes)) streams.err(`${note}\n`);
  if (failure === undefined) for (const line of readyLines(syncs)) streams.out(`${line}\n`);
  if (proved !== undefined) {
    const look = checkedLook(lookOf(syncs), { root, spec, proved });
    const args = { root, stack, proved, look, at, current: readCurrent, run: use.engine };
    const isNew = await recordLook(args).catch((error: unknown) => {
      throw failure === undefined ? error : new JobError([failure, messageOf(error)].join("\n"));
    });
    const unproved = syncs.filter(({ name, notReady }) => notReady.length === 0 && Object.hasOwn(look.waiting, name));
    for (const { name } of unproved) streams.err(`${sourceText(name)} is not recorded: ${look.waiting[name]}\n`);
    streams.out(isNew ? `Recorded in the state of ${stack}.\n` : `The state of ${stack} has this record already.\n`);
  }
  if (failure === undefined) return;
  const { leaveBrokenRefusal } = await import("../wait/broken-tenants.js");
  const refusal = await leaveBrokenRefusal({ root, stack, syncs, proved, most: leaveBroken });
  if (refusal !== undefined) throw new JobError([failure, ...(refusal === "" ? [] : [refusal])].join("\n"));
  streams.err(`${failure}\nThese tenants stay behind.\n`);
  addToJobSummary(`Tenants that are not Ready on ${stack}, and stay behind`, notReadyLines(syncs));
}

/** The time of the last update that changed what a source is applied with: Flux, or any file of the tenant. */
function appliedSince(proved: Proof | undefined): AppliedSince {
  return (source) => {
    const [tenant = ""] = source.split("/", 1);
    const { flux = {}, tenants = {}, fields = {} } = proved ?? {};
    const changed = source === PLATFORM_REVISION ? [flux] : [historyIn(tenants, tenant), historyIn(fields, tenant)];
    return changed
      .flatMap((history) => inForce(history)?.since ?? [])
      .sort()
      .at(-1);
  };
}

function countOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number of tenants.");
}

function timeoutOf(text: string): number {
  const violation = timeoutRule.check(text);
  if (violation) throw new InvalidArgumentError(`It ${violation.message}.`);
  return durationMilliseconds(text) ?? 0;
}

/**
 * Waits for all syncs.
 * @returns the last look with its time, and a failure that names each sync that is not Ready, in Flux's words
 * @throws CouldNotLookError if no look succeeded
 */
async function ready(stack: string, look: () => Promise<readonly SyncState[]>, timeout: number, show: Streams["err"]) {
  let syncs: readonly SyncState[] = [];
  let at = Date.now();
  let shown = "";
  let refusal = "";
  const areReady = async () => {
    const begin = Date.now();
    syncs = await look().catch((error: unknown) => {
      [refusal = ""] = messageOf(error).split("\n", 1);
      throw error;
    });
    at = begin;
    const waiting = syncs.filter(({ notReady }) => notReady.length > 0).map(({ name }) => sourceText(name));
    const line = `waiting for ${waiting.join(", ")}\n`;
    if (waiting.length > 0 && line !== shown) show(line);
    shown = line;
    return waiting.length === 0;
  };
  try {
    const { waitUntil } = await import("@fleet/sandbox/process/readiness");
    await waitUntil(areReady, { what: `The stack ${stack}`, timeout, interval: 1000 });
    return { syncs, at };
  } catch (error) {
    const seconds = timeout / 1000;
    if (syncs.length === 0) throw unanswered(stack, seconds, refusal);
    const notReady = notReadyLines(syncs);
    const details = (notReady.length === 0 ? [messageOf(error)] : notReady).map((line) => `  ${line}`);
    return { syncs, at, failure: [`The stack ${stack} is not Ready after ${seconds} s:`, ...details].join("\n") };
  }
}

/** The error of a cluster that no look could read. */
function unanswered(stack: string, seconds: number, reason: string): CouldNotLookError {
  const message = `no look at the cluster of ${stack} succeeded within ${seconds} s: ${reason}`;
  const fix =
    "Check the network and the rights of the account: kubectl auth can-i list kustomizations --all-namespaces";
  return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
}

function notReadyLines(syncs: readonly SyncState[]): string[] {
  return syncs.flatMap(({ name, notReady }) => notReady.map((reason) => `${sourceText(name)}: ${reason}`));
}

function readyLines(syncs: readonly SyncState[]): string[] {
  return syncs.map(({ name, revision = "no revision", frozenUntil }) => {
    const freeze = frozenUntil === undefined ? "" : `, frozen there until ${frozenUntil}`;
    return `${sourceText(name)} is Ready at ${shortRevision(revision)}${freeze}`;
  });
}
