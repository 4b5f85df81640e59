import { waitUntil } from "@fleet/sandbox/process/readiness";
import { type Command, InvalidArgumentError } from "commander";
import { durationRule } from "../../config/rules/amounts.js";
import { FleetError, fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { JobError } from "../explain.js";
import { loadStack } from "../load-stack.js";
import type { ConnectToSyncs } from "../promote/stack-syncs.js";
import { requireStack } from "../stacks.js";
import { shortRevision } from "../start/tables.js";
import type { TenantSync } from "../start/tenant-syncs.js";
import type { Streams } from "../streams.js";

const timeoutRule = durationRule("0s", "24h", "the command looks once with 0s");

// Imported here, because the client of Kubernetes takes half a second.
const connect: ConnectToSyncs = async (spec) => (await import("../promote/stack-syncs.js")).connectToSyncs(spec);

/** Adds `wait`. @param connectTo connects to the cluster of a stack */
export function addWaitCommand(program: Command, { out, err }: Streams, root: string, connectTo = connect): void {
  program
    .command("wait")
    .summary("wait until the platform and every tenant of a stack are Ready")
    .description(
      "wait until Flux has applied the platform and the primary sync of each tenant, and all of them are Ready; reads the cluster that KUBECONFIG leads to, which must be that of the stack",
    )
    .argument("<stack>", "stack whose cluster is read")
    .option(
      "--timeout <duration>",
      "time after which the command fails, like 90s or 10m; 0s looks once",
      timeoutOf,
      600_000,
    )
    .action(async (named: string, { timeout }: { timeout: number }, command: Command) => {
      const stack = await requireStack(command, root, named);
      const { spec, problems, uncheckedKeys } = await loadStack(root, stack);
      if (problems.length > 0) throw new FleetError(problems);
      if (spec === undefined) {
        const message = `is encrypted, so the tenants of the stack are unknown: ${uncheckedKeys.join(", ")}`;
        throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
      }
      const look = await connectTo(spec);
      for (const line of readyLines(await ready(stack, look, timeout, err))) out(`${line}\n`);
    });
}

function timeoutOf(text: string): number {
  const violation = timeoutRule.check(text);
  if (violation) throw new InvalidArgumentError(`It ${violation.message}.`);
  return durationMilliseconds(text) ?? 0;
}

/** Waits for all syncs. @throws JobError that names each sync that is not Ready, in Flux's words */
async function ready(
  stack: string,
  look: () => Promise<readonly TenantSync[]>,
  timeout: number,
  show: Streams["err"],
): Promise<readonly TenantSync[]> {
  let syncs: readonly TenantSync[] = [];
  let shown = "";
  const areReady = async () => {
    syncs = await look();
    const waiting = syncs.filter((sync) => !sync.ready).map(({ name }) => name);
    const line = `waiting for ${waiting.join(", ")}\n`;
    if (waiting.length > 0 && line !== shown) show(line);
    shown = line;
    return waiting.length === 0;
  };
  try {
    await waitUntil(areReady, { what: `The stack ${stack}`, timeout, interval: 1000 });
  } catch (error) {
    const notReady = syncs.flatMap((sync) => sync.notReady.map((reason) => `  ${sync.name}: ${reason}`));
    const details = notReady.length === 0 ? [`  ${messageOf(error)}`] : notReady;
    throw new JobError([`The stack ${stack} is not Ready after ${timeout / 1000} s:`, ...details].join("\n"));
  }
  return syncs;
}

function readyLines(syncs: readonly TenantSync[]): string[] {
  return syncs.map(({ name, revision = "no revision" }) => `${name} is Ready at ${shortRevision(revision)}`);
}
