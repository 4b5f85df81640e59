import type { FleetSpec } from "../../config/fleet-spec.js";
import { harden } from "../../flux/harden/harden.js";
import { currentRelease } from "../../flux/lock/lock-version.js";
import { lockText } from "../../flux/lock/write-lock.js";
import {
  type DefinedKind,
  type DefinitionChanges,
  definedKinds,
  definitionChanges,
} from "../../flux/release/definitions.js";
import type { Transport } from "../../flux/release/https.js";
import { type FluxLock, LOCK_FILE, type LockEntry, lockedVersion } from "../../flux/release/lock.js";
import { loadManifest } from "../../flux/release/manifest.js";
import type { Manifest } from "../../flux/release/typed-kind.js";
import { compareVersions } from "../../lib/data/compare-versions.js";
import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { editYaml } from "../../promotion/edit-yaml.js";
import type { Edits } from "../promote/edits.js";
import { settingKey } from "../promote/plan.js";
import { unservedObjects } from "./used-versions.js";

/** A version of Flux for stacks, and where it comes from. */
export interface UpgradeArgs {
  readonly version: string;
  /** The stacks that get the version, as they are now. */
  readonly stacks: readonly FleetSpec[];
  /** Whether the version may be older than that of a stack. */
  readonly downgrade: boolean;
  readonly lock: FluxLock;
  /** Files of `fleet/` by path. */
  readonly platform: Readonly<Record<string, string>>;
  /** A file with the manifest of a version that is not locked yet. @default - it is fetched */
  readonly manifest?: string | undefined;
  /** Directory that is searched first for `VERSION/install.yaml`. @default - manifests are fetched */
  readonly directory?: string | undefined;
  readonly transport: Transport;
}

/** A stack whose version changes, with the changes of Flux's kinds. */
export interface StackUpgrade {
  readonly stack: string;
  readonly from: string;
  readonly isDowngrade: boolean;
  readonly changes: DefinitionChanges;
}

/** An upgrade that may be written. */
export interface Upgrade {
  readonly version: string;
  readonly entry: LockEntry;
  /** Whether the lock had the version already. */
  readonly wasLocked: boolean;
  readonly upgrades: readonly StackUpgrade[];
}

/**
 * Plans a version of Flux for stacks: its lock entry and the settings. Nothing is written.
 * @throws FleetError with every reason why a stack cannot have the version
 */
export async function planUpgrade(args: UpgradeArgs, edits: Edits): Promise<Upgrade> {
  const { version, lock, platform } = args;
  const changing = args.stacks.flatMap((spec) => {
    const from = formerVersion(spec, args);
    return from === undefined ? [] : [{ stack: spec.stack, from, isDowngrade: compareVersions(from, version) > 0 }];
  });
  requireDirection(changing, args);
  const { entry, objects, wasLocked } = await releaseOf(args);
  const kinds = definedKinds(objects);
  const before = await kindsOf([...new Set(changing.map(({ from }) => from))], args);
  const upgrades = changing.map((change): StackUpgrade => {
    return { ...change, changes: definitionChanges(before.get(change.from) ?? [], kinds) };
  });
  const hardened = await collectProblems(
    Object.fromEntries(
      args.stacks.map((spec) => [spec.stack, hardenedFor(spec, { version, entry, objects })] as const),
    ),
  );
  const problems = [
    ...hardened.problems,
    ...upgrades.flatMap((upgrade) => lossProblems(upgrade, version)),
    ...unservedObjects(platform, kinds, `Flux ${version}`),
  ];
  if (problems.length > 0) throw new FleetError(problems);
  edits.apply(LOCK_FILE, (text) => (wasLocked ? text : lockText({ ...lock, [version]: entry })));
  for (const { stack } of upgrades) {
    const file = `Pulumi.${stack}.yaml`;
    edits.apply(file, (text) =>
      editYaml(file, text, { path: ["config", settingKey(text, "fluxVersion")], value: version }),
    );
  }
  return { version, entry, wasLocked, upgrades };
}

/**
 * The version that a stack has before the change. A file may name the new version already, as Renovate writes it: then it
 * is the nearest one of the lock on the side from which the command comes. Others of the lock are those of other stacks.
 * Undefined for a stack that has a locked version already.
 */
function formerVersion({ flux }: FleetSpec, { version, lock, downgrade }: UpgradeArgs): string | undefined {
  if (flux.version !== version) return flux.version;
  if (Object.hasOwn(lock, version)) return undefined;
  const locked = Object.keys(lock).sort(compareVersions);
  const older = locked.filter((one) => compareVersions(one, version) < 0).at(-1);
  const newer = locked.find((one) => compareVersions(one, version) > 0);
  return downgrade ? (newer ?? older) : older;
}

/** @throws FleetError with each stack that has a newer version, unless the command says that it goes back */
function requireDirection(
  changing: readonly Omit<StackUpgrade, "changes">[],
  { version, downgrade }: UpgradeArgs,
): void {
  if (downgrade) return;
  const newer = changing.filter(({ isDowngrade }) => isDowngrade);
  if (newer.length === 0) return;
  throw new FleetError(
    newer.map(({ stack, from }) => ({
      file: `Pulumi.${stack}.yaml`,
      path: "fleet:fluxVersion",
      message: `is ${from}, and ${version} is older`,
      fix: "Check the version. To go back on purpose, add --downgrade",
    })),
  );
}

/** The release: of the lock, verified, or of the outside, to be locked. */
async function releaseOf({ version, lock, manifest, directory, transport }: UpgradeArgs) {
  if (!Object.hasOwn(lock, version)) {
    return { ...(await currentRelease({ version, manifest, transport })), wasLocked: false };
  }
  const entry = lockedVersion(lock, version);
  return { entry, objects: await loadManifest({ version, entry, directory, ...transport }), wasLocked: true };
}

/** The kinds of locked versions. Each manifest is verified against the lock. */
async function kindsOf(
  versions: readonly string[],
  { lock, directory, transport }: UpgradeArgs,
): Promise<ReadonlyMap<string, readonly DefinedKind[]>> {
  const loaded = versions.map(async (version) => {
    const entry = lockedVersion(lock, version);
    return [version, definedKinds(await loadManifest({ version, entry, directory, ...transport }))] as const;
  });
  return new Map(await Promise.all(loaded));
}

interface Release {
  readonly version: string;
  readonly entry: LockEntry;
  readonly objects: Manifest;
}

/** The hardened objects that the stack would register. @throws FleetError with the step that does not know the release */
async function hardenedFor({ stack, flux }: FleetSpec, { version, entry, objects }: Release): Promise<Manifest> {
  return harden(objects, { settings: { ...flux, version }, lock: entry, stack });
}

/** The objects that a stack would lose, or that the API server could not read any more. */
function lossProblems({ stack, from, isDowngrade, changes }: StackUpgrade, version: string): Problem[] {
  const place = { file: `Pulumi.${stack}.yaml`, path: "fleet:fluxVersion" };
  const removed = changes.removed.map((name) => ({
    ...place,
    message: `Flux ${version} has no ${name}, which Flux ${from} has: the update would delete every object of the kind`,
    fix: "Remove what uses the kind from all repositories first, and then set the version by hand",
  }));
  if (!isDowngrade) return removed;
  const unreadable = changes.unreadable.map(({ name, version: stored }) => ({
    ...place,
    message: `Flux ${from} stores ${name} as ${stored}, which Flux ${version} does not know: the API server could read none of them, and no Flux writes them in an older version again`,
    fix: `Stay with ${from}, or choose an older version that knows ${stored}`,
  }));
  return [...removed, ...unreadable];
}

/** The problem of stacks that cannot be upgraded because none was chosen. */
export function noStack(): FleetError {
  const message = "has no stack without fleet:promotesFrom, so none would get the version first";
  return fleetError("stacks", "", message, "Name the stacks: --stack STACK");
}
