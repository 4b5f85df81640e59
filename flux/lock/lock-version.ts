import { requireResults } from "../../lib/diagnostics/collect-problems.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { Transport } from "../release/https.js";
import { LOCK_FILE, readLock } from "../release/lock.js";
import { entryDifferences } from "./entry-differences.js";
import { draftEntry, imagesOf } from "./locked-images.js";
import { imageDigest } from "./registry/image-digest.js";
import { readRelease, releaseUrl } from "./release.js";
import { renderDifferences, renderEntry } from "./render.js";
import { writeLock } from "./write-lock.js";

/** A Flux version to lock, and how. */
export interface LockVersionArgs {
  /** Directory of `flux.lock.json`. */
  readonly root: string;
  /** Flux version: `v2.9.2`. */
  readonly version: string;
  /** File with the release's manifest. @default - the release's manifest is fetched */
  readonly manifest?: string | undefined;
  /** Whether an existing entry may change. */
  readonly replace: boolean;
  readonly transport: Transport;
  /** Prints the entry, before it is written. */
  readonly show: (text: string) => void;
}

/**
 * Pins a version of Flux: its manifest, and the digests that its images' tags have now.
 * @throws FleetError when something cannot be fetched, or differs from the existing entry without `replace`; nothing is
 *   written then
 */
export async function lockVersion({
  root,
  version,
  manifest,
  replace,
  transport,
  show,
}: LockVersionArgs): Promise<void> {
  // An unreadable lock is reported before any request.
  readLock(root);
  const source = releaseUrl(version);
  const objects = await readRelease({ version, source, file: manifest, transport });
  const images = Object.entries(imagesOf(objects, manifest ?? source));
  const digests = await requireResults(
    Object.fromEntries(images.map(([name, image]) => [name, imageDigest(image, transport)])),
  );
  const entry = draftEntry(objects, source, digests);
  show(renderEntry(version, entry));

  // Read again, because another run may have written it in the meantime.
  const lock = readLock(root);
  const locked = lock[version];
  const differences = locked ? entryDifferences(locked, entry) : [];
  if (locked && differences.length === 0) {
    show(`Nothing to write: ${LOCK_FILE} says the same.\n`);
    return;
  }
  if (differences.length > 0 && !replace) {
    throw new FleetError(
      differences.map(({ path, locked: before, found }) => ({
        file: LOCK_FILE,
        path: `${version}.${path}`,
        message: `is locked as ${before}, and is now ${found}`,
        fix: "Find out who changed it and when; only then lock it with --replace",
      })),
    );
  }
  if (locked) show(`Replaces what was locked:\n${renderDifferences(differences)}`);
  writeLock(root, { ...lock, [version]: entry });
  show(`Wrote ${version} to ${LOCK_FILE}. Review it like code: git diff ${LOCK_FILE}\n`);
}
