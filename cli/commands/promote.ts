import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import type { Proof } from "../../promotion/proof.js";
import { loadStack } from "../load-stack.js";
import type { ReadyRevision } from "../promote/ready-revision.js";
import { type ReadStackOutputs, readStackOutputs } from "../stack-outputs.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

/** The systems that the command reads, for tests. */
export interface PromoteSources {
  readonly outputs: ReadStackOutputs;
  readonly revision: ReadyRevision;
}

const sources: PromoteSources = {
  outputs: readStackOutputs,
  // Imported here, because the client of Kubernetes takes half a second.
  revision: async (...args) => (await import("../promote/ready-revision.js")).readReadyRevision(...args),
};

interface PromoteOptions {
  readonly tenant: readonly string[];
  readonly flux: boolean;
  readonly charts: boolean;
  readonly soaked: boolean;
  readonly dryRun: boolean;
}

/** Adds `promote`. @param read the systems that it reads @param now the time, in milliseconds since 1970 */
export function addPromoteCommand(
  program: Command,
  { out }: Streams,
  root: string,
  read = sources,
  now: () => number = Date.now,
): void {
  program
    .command("promote")
    .summary("have a stack's files name what another stack runs")
    .description(
      "edit the files of the stack TO so that they name what the stack FROM runs, and print the difference: by default, the version of Flux and those of charts; reads the output of FROM by pulumi, and for a tenant the cluster that KUBECONFIG leads to",
    )
    .argument("<from>", "stack that has run it")
    .argument("<to>", "stack whose files are edited")
    .option("--flux", "only the version of Flux", false)
    .option("--charts", "only the versions of charts in fleet/", false)
    .option(
      "--tenant <name>",
      "only a tenant: the revision that is Ready on FROM, as sync.ref of its overlay; may be repeated",
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option("--soaked", "only what FROM has run for fleet:soak of TO", false)
    .option("--dry-run", "print the difference only", false)
    .action(async (from: string, to: string, options: PromoteOptions, command: Command) => {
      const specs = await loadBoth(
        root,
        await requireStack(command, root, from),
        await requireStack(command, root, to),
      );
      for (const name of options.tenant) requireTenant(command, specs, name);
      const { Edits } = await import("../promote/edits.js");
      const { promoteCharts, promoteFlux, promoteTenant } = await import("../promote/plan.js");
      const edits = new Edits(root);
      const ran = await provedBy(root, from, read.outputs);
      const { soakedProof } = await import("../../promotion/soaked-proof.js");
      const proved = options.soaked ? soakedProof(ran, specs.to.promotion.soak, now()) : ran;
      const promotion = { root, ...specs, proved };
      const isAll = !options.flux && !options.charts && options.tenant.length === 0;
      const hasFlux = !options.soaked || Object.keys(proved.flux).length > 0;
      if ((options.flux || isAll) && hasFlux) promoteFlux(promotion, edits);
      if (options.charts || isAll) promoteCharts(promotion, edits);
      for (const tenant of specs.from.tenants.filter(({ name }) => options.tenant.includes(name))) {
        promoteTenant(promotion, edits, tenant.name, await read.revision(from, tenant));
      }
      const { lineDifference } = await import("../../promotion/line-difference.js");
      for (const { file, before, after } of edits.changes) out(lineDifference(file, before, after));
      const same = options.soaked
        ? `${to} names what ${from} has run for ${specs.to.promotion.soak}`
        : `the files of ${to} name what ${from} runs`;
      if (edits.changes.length === 0) out(`Nothing to do: ${same}.\n`);
      if (options.dryRun) return;
      for (const { file, after } of edits.changes) writeFileSync(join(root, file), after);
    });
}

/** The specs of both stacks. @throws FleetError with the problems of both, or when one does not follow the other */
async function loadBoth(root: string, from: string, to: string): Promise<{ from: FleetSpec; to: FleetSpec }> {
  const [source, target] = await Promise.all([loadStack(root, from), loadStack(root, to)]);
  const problems = [...source.problems, ...target.problems];
  if (problems.length > 0) throw new FleetError(problems);
  if (source.spec === undefined || target.spec === undefined) {
    const unchecked = [...source.uncheckedKeys, ...target.uncheckedKeys].join(", ");
    throw fleetError(`Pulumi.${to}.yaml`, "", `cannot be read completely: ${unchecked}`, "Set them without --secret");
  }
  const predecessor = target.spec.promotion.from;
  if (predecessor === from) return { from: source.spec, to: target.spec };
  const message =
    predecessor === undefined ? `is not set, so ${to} follows no stack` : `is ${predecessor}, and not ${from}`;
  const fix = `Promote from that stack, or set it: pulumi config set --stack ${to} fleet:promotesFrom ${from}`;
  throw fleetError(`Pulumi.${to}.yaml`, "fleet:promotesFrom", message, fix);
}

function requireTenant(command: Command, specs: Readonly<Record<"from" | "to", FleetSpec>>, name: string): void {
  for (const { stack, tenants } of [specs.from, specs.to]) {
    const names = tenants.map((one) => one.name);
    if (names.includes(name)) continue;
    const remedy = didYouMean(nearMatches(name, names), `The tenants are ${names.join(", ")}.`);
    command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(name)}. ${remedy}`);
  }
}

/** The proof in the outputs of a stack. @throws FleetError when there is none */
async function provedBy(root: string, stack: string, read: ReadStackOutputs): Promise<Proof> {
  const { parseProof, PROOF_OUTPUT } = await import("../../promotion/proof.js");
  const found = await read(root, stack);
  const file = `Pulumi.${stack}.yaml`;
  if ("reason" in found) {
    const message = `the outputs of the stack ${stack} could not be read: ${found.reason}`;
    throw fleetError(file, "", message, "Log in to its backend, and run pulumi up on it first");
  }
  const proved = parseProof((Object(found.outputs) as Readonly<Record<string, unknown>>)[PROOF_OUTPUT]);
  if (proved !== undefined) return proved;
  const message = `the stack ${stack} has no output that says what it has run`;
  throw fleetError(file, "", message, `Run pulumi up on the stack ${stack} with this version of the program`);
}
