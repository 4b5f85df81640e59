import { requireResults } from "../../lib/diagnostics/collect-problems.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { LOCK_FILE, type LockEntry, readLock } from "../release/lock.js";
import { imagesOf, lockEntry } from "../release/lock-entry.js";
import { differenceProblem, entryDifferences } from "./differences.js";
import { imageDigest } from "./registry/image-digest.js";
import { type ReleaseArgs, readRelease, releaseUrl } from "./release.js";
import { writeLock } from "./write-lock.js";

/** A Flux version to lock, and how. */
export interface LockVersionArgs extends Omit<ReleaseArgs, "source"> {
  /** Directory of `flux.lock.json`. */
  readonly root: string;
  /** Whether an existing entry may change. */
  readonly replace: boolean;
  /** Prints the entry, before it is written. */
  readonly show: (text: string) => void;
}

/**
 * Pins a version of Flux: its manifest, and the digests that its images' tags have now.
 * @throws FleetError when something cannot be fetched, or differs from the existing entry without `replace`
 */
export async function lockVersion(args: LockVersionArgs): Promise<void> {
  const { root, version, replace, show } = args;
  // An unreadable lock is reported before any request.
  readLock(root);
  const { entry } = await currentRelease(args);
  show(renderEntry(version, entry));

  // Read again, because another run may have written it in the meantime.
  const lock = readLock(root);
  const locked = lock[version];
  const differences = locked ? entryDifferences(locked, entry) : [];
  if (locked && differences.length === 0) {
    show(`Nothing to write: ${LOCK_FILE} has the same entry.\n`);
    return;
  }
  if (differences.length > 0 && !replace) {
    const fix = "Find out who changed it and when; only then lock it with --replace";
    throw new FleetError(differences.map((difference) => differenceProblem(version, difference, fix)));
  }
  if (locked) {
    const lines = differences.map(({ path, locked: before, found }) => `  ${path}: ${before} → ${found}\n`);
    show(`Replaces the locked entry:\n${lines.join("")}`);
  }
  writeLock(root, { ...lock, [version]: entry });
  show(`Wrote ${version} to ${LOCK_FILE}. Review it like code: git diff ${LOCK_FILE}\n`);
}

/** A release, and the entry that pins it. */
export interface PinnedRelease {
  readonly entry: LockEntry;
  readonly objects: readonly KubernetesObject[];
}

/**
 * A release as it is now, with the digests that its images' tags have now.
 * @throws FleetError when something cannot be fetched, or is not Flux
 */
export async function currentRelease({
  version,
  manifest,
  transport,
}: Omit<ReleaseArgs, "source">): Promise<PinnedRelease> {
  const source = releaseUrl(version);
  const objects = await readRelease({ version, source, manifest, transport });
  const images = Object.entries(imagesOf(objects, manifest ?? source));
  const imageDigests = await requireResults(
    Object.fromEntries(images.map(([name, image]) => [name, imageDigest(image, transport)])),
  );
  return { entry: lockEntry(source, objects, imageDigests), objects };
}

/** An entry as a table, for people who compare it with the release. */
export function renderEntry(version: string, { source, digest, objects, controllers }: LockEntry): string {
  const nameWidth = Math.max(...Object.keys(controllers).map(({ length }) => length));
  const tagWidth = Math.max(...Object.values(controllers).map((controller) => controller.version.length));
  const rows = Object.entries(controllers).map(([name, controller]) => {
    const image = `${controller.image}@${controller.digest}`;
    return `  ${name.padEnd(nameWidth)}  ${controller.version.padEnd(tagWidth)}  ${image}`;
  });
  return [`Flux ${version}: ${objects} objects, ${digest}`, `  ${source}`, ...rows, ""].join("\n");
}
