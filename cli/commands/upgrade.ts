import { type Command, InvalidArgumentError } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { network, type Transport } from "../../flux/release/https.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { finishEarlier } from "../finish-earlier.js";
import { loadStack } from "../load-stack.js";
import type { FileChange } from "../promote/edits.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import type { WriteGolden } from "../upgrade/golden.js";

/** The systems that the command uses, for tests. */
export interface UpgradeSources {
  readonly transport: Transport;
  /** Writes the golden inventories. @default - by mocha, in a process of its own */
  readonly golden?: WriteGolden;
  /** Directory that is searched first for manifests. */
  readonly directory?: string | undefined;
}

interface Options {
  readonly stack: readonly string[];
  readonly downgrade: boolean;
  readonly manifest?: string;
  readonly golden: boolean;
  readonly dryRun: boolean;
}

const examples = `
Examples:
  npx fleet upgrade flux v2.9.3                       the stacks that run each change first
  npx fleet upgrade flux v2.9.3 --stack staging       this stack
  npx fleet upgrade flux v2.9.2 --downgrade           back again
`;

/** Adds `upgrade flux`. */
export function addUpgradeCommand(
  program: Command,
  { out }: Streams,
  root: string,
  sources: UpgradeSources = { transport: network, directory: process.env.FLEET_MANIFESTS },
): void {
  const upgrade = program.command("upgrade").description("new versions of what the stacks run");
  upgrade
    .command("flux")
    .summary("write everything that a pull request with another version of Flux needs")
    .description(
      "write another version of Flux: its entry in flux.lock.json, fleet:fluxVersion of the stacks, and the golden inventories. Checked before the first is written: the release and its images, the hardening for every stack, the versions of Flux's kinds that objects are stored in, and the versions that fleet/ uses. Needs access to GitHub and to the images' registry, unless the version is locked already, but no account",
    )
    .argument("<version>", "Flux version, such as v2.9.3", releasedVersion)
    .option(
      "--stack <name>",
      "a stack that gets the version; may be repeated. Without it: the stacks without fleet:promotesFrom",
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option("--downgrade", "allow a version that is older than that of a stack", false)
    .option(
      "--manifest <file>",
      "read the manifest of a new version from a file; image digests still come from the registry",
    )
    .option("--no-golden", "leave the golden inventories as they are")
    .option("--dry-run", "print the differences only", false)
    .addHelpText("after", examples)
    .action(async (version: string, options: Options, command: Command) => {
      for (const stack of options.stack) await requireStack(command, root, stack);
      await upgradeFlux({ version, options, root, out, sources });
    });
}

function releasedVersion(text: string): string {
  if (/^v\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a released version such as v2.9.2.");
}

interface UpgradeRun {
  readonly version: string;
  readonly options: Options;
  readonly root: string;
  readonly out: Streams["out"];
  readonly sources: UpgradeSources;
}

async function upgradeFlux({ version, options, root, out, sources }: UpgradeRun): Promise<void> {
  // Imported here, because the other commands need neither these parsers nor these schemas.
  const [{ readLock }, { readFolder }, { planUpgrade, noStack }, { Edits }, { upgradeReport }, { lineDifference }] =
    await Promise.all([
      import("../../flux/release/lock.js"),
      import("../../config/files/read-folder.js"),
      import("../upgrade/plan-upgrade.js"),
      import("../promote/edits.js"),
      import("../upgrade/report.js"),
      import("../../promotion/line-difference.js"),
    ]);
  await finishEarlier(root, out, options.dryRun);
  // An unreadable lock or stack is reported before any request.
  const lock = readLock(root);
  const all = await findStacks(root);
  const chosen = options.stack.length > 0 ? options.stack : await firstStacks(root, all);
  if (chosen.length === 0) throw noStack();
  const stacks = await loadStacks(root, chosen, version);
  const edits = new Edits(root);
  const { downgrade, manifest } = options;
  const platform = readFolder(root, "fleet");
  const { transport, directory } = sources;
  const args = { version, stacks, downgrade, manifest, lock, platform, directory, transport };
  const upgrade = await planUpgrade(args, edits);
  const nothing = `Nothing to do: ${chosen.join(", ")} and flux.lock.json have Flux ${version}.\n`;
  if (options.dryRun) {
    for (const { file, before, after } of edits.changes) out(lineDifference(file, before, after));
    if (edits.changes.length === 0) out(nothing);
    return;
  }
  const golden = options.golden ? (sources.golden ?? (await import("../upgrade/golden.js")).runGolden) : undefined;
  const files = await writeUpgrade(root, edits.changes, golden);
  out(files.length === 0 ? nothing : upgradeReport(upgrade, files, all));
}

/**
 * Writes the files and the golden inventories, or nothing. The inventories are written also where the files are complete: an
 * earlier run may have been killed before it wrote these.
 * @param golden undefined leaves the inventories as they are
 * @returns the paths that differ
 */
async function writeUpgrade(
  root: string,
  changes: readonly FileChange[],
  golden: WriteGolden | undefined,
): Promise<readonly string[]> {
  const [{ writeAll }, { changedGolden, readGolden, restoreGolden }, { interruptible }] = await Promise.all([
    import("../new-stack/write-files.js"),
    import("../upgrade/golden.js"),
    import("../start/tasks.js"),
  ]);
  const former = readGolden(root);
  writeAll(root, {}, changes);
  const files = changes.map(({ file }) => file);
  if (golden === undefined || former.size === 0) return files;
  try {
    // An interrupt would otherwise leave half of the files. A terminal sends it to mocha as well.
    await interruptible(
      () => undefined,
      () => golden(root),
    );
  } catch (error) {
    restoreGolden(root, former);
    const back = changes.map(({ file, before, after }) => ({ file, before: after, after: before }));
    writeAll(root, {}, back);
    throw error;
  }
  return [...files, ...changedGolden(root, former)];
}

/** The stacks that no other one runs a change before. */
async function firstStacks(root: string, stacks: readonly string[]): Promise<readonly string[]> {
  const { predecessorOf } = await import("../../config/stack/promotion-chain.js");
  return stacks.filter((stack) => predecessorOf(root, stack) === undefined);
}

/** @throws FleetError with the problems of all stacks. That the lock lacks the version is none */
async function loadStacks(root: string, names: readonly string[], version: string): Promise<readonly FleetSpec[]> {
  const loaded = [];
  for (const name of names) loaded.push(await loadStack(root, name, { unlocked: version }));
  const problems = loaded.flatMap((one) => one.problems);
  if (problems.length > 0) throw new FleetError(problems);
  return loaded.map(({ spec, uncheckedKeys }, index) => {
    if (spec !== undefined) return spec;
    const message = `has encrypted settings that the hardening of Flux depends on: ${uncheckedKeys.join(", ")}`;
    throw fleetError(`Pulumi.${names[index]}.yaml`, "", message, "Set them without --secret");
  });
}
