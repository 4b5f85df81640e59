import type { Command } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import type { Proof } from "../../promotion/proof.js";
import { finishEarlier } from "../finish-earlier.js";
import { type LoadedStack, loadStack } from "../load-stack.js";
import type { RevisionChoice } from "../promote/choose-revision.js";
import type { Edits } from "../promote/edits.js";
import type { Promotion } from "../promote/plan.js";
import { type ReadStackOutputs, readStackOutputs } from "../stack-outputs.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

/** The systems that the command reads, for tests. */
export interface PromoteSources {
  readonly outputs: ReadStackOutputs;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

const sources: PromoteSources = { outputs: readStackOutputs, now: Date.now };

interface PromoteOptions {
  readonly tenant: readonly string[];
  readonly flux: boolean;
  readonly charts: boolean;
  readonly platform: boolean;
  readonly back: boolean;
  readonly revision?: string;
  readonly dryRun: boolean;
}

/** Adds `promote`. @param read the systems that it reads */
export function addPromoteCommand(program: Command, { out, err }: Streams, root: string, read = sources): void {
  program
    .command("promote")
    .summary("have a stack's files name what another stack runs")
    .description(
      "edit the files of the stack TO so that they name what the stack FROM runs, and print the difference: by default, the version of Flux, those of charts, and the revisions of the platform and of all tenants that were Ready when npx fleet wait looked, apart from those whose branch TO follows by its own choice; reads the output of FROM by pulumi",
    )
    .argument("<from>", "stack that has run it")
    .argument("<to>", "stack whose files are edited")
    .option("--flux", "only the version of Flux", false)
    .option("--charts", "only the versions of charts in fleet/", false)
    .option("--platform", "only the revision of the platform's repository, as fleet:platformRevision", false)
    .option(
      "--tenant <name>",
      "only a tenant: the revisions of its syncs, as sync.ref of its overlay; may be repeated",
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option("--back", "with --platform or --tenant: the revision that FROM was Ready with before that of TO", false)
    .option("--revision <revision>", "with --platform or one --tenant: a commit or tag that FROM was Ready with")
    .option("--dry-run", "print the difference only", false)
    .action(async (from: string, to: string, options: PromoteOptions, command: Command) => {
      const choice = choiceOf(command, options);
      await finishEarlier(root, out, options.dryRun);
      const loaded = await loadBoth(
        root,
        await requireStack(command, root, from),
        await requireStack(command, root, to),
      );
      for (const name of options.tenant) requireTenant(command, loaded, name);
      const promotion = { root, ...loaded, proved: await provedBy(root, from, read.outputs) };
      const { Edits } = await import("../promote/edits.js");
      const edits = new Edits(root);
      const behind = await plan(promotion, edits, { options, choice, now: read.now() });
      const { lineDifference } = await import("../../promotion/line-difference.js");
      for (const { file, before, after } of edits.changes) out(lineDifference(file, before, after));
      for (const reason of behind) err(`stays behind: ${reason}\n`);
      if (edits.changes.length === 0 && behind.length === 0) {
        out(`Nothing to do: the files of ${to} name what ${from} runs.\n`);
      }
      if (options.dryRun) return;
      const { writeAll } = await import("../new-stack/write-files.js");
      writeAll(root, {}, edits.changes);
    });
}

/** The revision that the options mean. */
function choiceOf(
  command: Command,
  { back, revision, platform, tenant, flux, charts }: PromoteOptions,
): RevisionChoice {
  if (!back && revision === undefined) return { kind: "newest" };
  const option = back ? "--back" : "--revision";
  if (back && revision !== undefined) command.error("error: --back and --revision exclude each other");
  if (flux || charts) command.error(`error: ${option} is for revisions. Correct versions of Flux and charts by hand`);
  if (!platform && tenant.length === 0) command.error(`error: ${option} needs --platform or --tenant`);
  if (revision === undefined) return { kind: "back" };
  if (tenant.length + (platform ? 1 : 0) > 1) {
    command.error("error: --revision is of one repository, so it needs either --platform or one --tenant");
  }
  return { kind: "named", text: revision };
}

interface PlanArgs {
  readonly options: PromoteOptions;
  readonly choice: RevisionChoice;
  readonly now: number;
}

/** Edits what the options name, or everything. @returns why parts stay behind */
async function plan(
  promotion: Promotion,
  edits: Edits,
  { options, choice, now }: PlanArgs,
): Promise<readonly string[]> {
  const { promoteCharts, promoteFlux } = await import("../promote/plan.js");
  const { promotePlatform, promoteTenant } = await import("../promote/plan-revisions.js");
  const { flux, charts, platform, tenant } = options;
  const isAll = !flux && !charts && !platform && tenant.length === 0;
  if (flux) promoteFlux(promotion, edits);
  if (charts) promoteCharts(promotion, edits);
  if (platform) promotePlatform(promotion, edits, choice);
  for (const name of new Set(tenant)) promoteTenant(promotion, edits, name, choice);
  return isAll ? [...(await promoteSoaked(promotion, edits, now)), ...(await promoteReady(promotion, edits, now))] : [];
}

/** Moves the versions that have run long enough. @returns why others stay behind */
async function promoteSoaked(promotion: Promotion, edits: Edits, now: number): Promise<readonly string[]> {
  const { promoteCharts, promoteFlux, youngVersions } = await import("../promote/plan.js");
  const { soakedProof } = await import("../../promotion/soaked-proof.js");
  const soaked = { ...promotion, proved: soakedProof(promotion.proved, promotion.to.promotion.soak, now) };
  if (Object.keys(soaked.proved.flux).length > 0) promoteFlux(soaked, edits);
  promoteCharts(soaked, edits);
  return youngVersions(promotion, soaked.proved, now);
}

/**
 * Pins the platform and all tenants of both stacks that were Ready for long enough. Those that the target lets follow a
 * branch on purpose are left out.
 * @returns why others stay behind
 */
async function promoteReady(promotion: Promotion, edits: Edits, now: number): Promise<readonly string[]> {
  const revisions = await import("../promote/plan-revisions.js");
  const { PLATFORM_REVISION } = await import("../../promotion/ready.js");
  const behind: string[] = [];
  const move = (names: readonly string[], promote: () => void) => {
    const young = revisions.soakReason(promotion, names, now);
    if (young !== undefined) {
      behind.push(young);
      return;
    }
    try {
      edits.attempt(promote);
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      behind.push(...error.message.split("\n"));
    }
  };
  const newest = { kind: "newest" } as const;
  if (!promotion.followsPlatform) move([PLATFORM_REVISION], () => revisions.promotePlatform(promotion, edits, newest));
  const known = new Set(promotion.from.tenants.map(({ name }) => name));
  for (const tenant of promotion.to.tenants) {
    if (!known.has(tenant.name) || !revisions.isPromoted(promotion, tenant)) continue;
    move(revisions.sourcesOf(tenant), () => revisions.promoteTenant(promotion, edits, tenant.name, newest));
  }
  return behind;
}

type Loaded = Pick<Promotion, "from" | "to" | "followsPlatform">;

/** The specs of both stacks. @throws FleetError with the problems of both, or when one does not follow the other */
async function loadBoth(root: string, from: string, to: string): Promise<Loaded> {
  // This command writes the revisions that the target lacks, and those of the other stack do not matter.
  const load = (stack: string) => loadStack(root, stack, { allowUnpinned: true });
  const [source, target] = await Promise.all([load(from), load(to)]);
  const problems = [...source.problems, ...target.problems];
  if (problems.length > 0) throw new FleetError(problems);
  if (source.spec === undefined || target.spec === undefined) {
    const unchecked = [...source.uncheckedKeys, ...target.uncheckedKeys].join(", ");
    throw fleetError(`Pulumi.${to}.yaml`, "", `cannot be read completely: ${unchecked}`, "Set them without --secret");
  }
  const predecessor = target.spec.promotion.from;
  if (predecessor === from) return { from: source.spec, to: target.spec, followsPlatform: followsPlatform(target) };
  const message =
    predecessor === undefined ? `is not set, so ${to} follows no stack` : `is ${predecessor}, and not ${from}`;
  const fix = `Promote from that stack, or set it: pulumi config set --stack ${to} fleet:promotesFrom ${from}`;
  throw fleetError(`Pulumi.${to}.yaml`, "fleet:promotesFrom", message, fix);
}

/** Whether a stack's file names the branch of the platform's repository. */
function followsPlatform({ config: { platformRevision } }: LoadedStack): boolean {
  if (platformRevision === undefined || platformRevision === "") return false;
  return Object.hasOwn(Object(JSON.parse(platformRevision)), "branch");
}

function requireTenant(command: Command, loaded: Readonly<Record<"from" | "to", FleetSpec>>, name: string): void {
  for (const { stack, tenants } of [loaded.from, loaded.to]) {
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
