import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { Transport } from "../release/https.js";
import { LOCK_FILE, type LockEntry, lockedVersion, readLock } from "../release/lock.js";
import { type Difference, entryDifferences } from "./entry-differences.js";
import { compareVersions } from "./lock-text.js";
import { draftEntry } from "./locked-images.js";
import { imageDigest } from "./registry/image-digest.js";
import { readRelease } from "./release.js";

/** The entries to verify. */
export interface VerifyLockArgs {
  /** Directory of `flux.lock.json`. */
  readonly root: string;
  /** Flux version. @default - every locked version */
  readonly version?: string | undefined;
  /** File with the manifest of that version. @default - the entry's source is fetched */
  readonly manifest?: string | undefined;
  readonly transport: Transport;
  /** Prints the versions that are as locked. */
  readonly show: (text: string) => void;
}

/**
 * Verifies that manifests and images are still those of `flux.lock.json`.
 * @throws FleetError naming each difference, and everything that could not be verified, of all versions
 */
export async function verifyLock({ root, version, manifest, transport, show }: VerifyLockArgs): Promise<void> {
  const lock = readLock(root);
  const versions = version === undefined ? Object.keys(lock).sort(compareVersions) : [version];
  if (versions.length === 0) {
    const fix = "Lock a version: npx fleet lock VERSION";
    throw new FleetError([{ file: LOCK_FILE, path: "", message: "has no entry, so there is nothing to check", fix }]);
  }
  const problems: Problem[] = [];
  // One version after the other, because of registries' rate limits.
  for (const one of versions) {
    const entry = lockedVersion(lock, one);
    const found = await entryProblems(one, entry, { manifest, transport });
    problems.push(...found);
    if (found.length === 0) {
      const images = Object.keys(entry.controllers).length;
      show(`Flux ${one} is as locked: ${entry.objects} objects, ${images} images.\n`);
    }
  }
  if (problems.length > 0) throw new FleetError(problems);
}

async function entryProblems(
  version: string,
  entry: LockEntry,
  { manifest, transport }: Pick<VerifyLockArgs, "manifest" | "transport">,
): Promise<Problem[]> {
  const { source } = entry;
  const reading = readRelease({ version, source, file: manifest, transport });
  const images = Object.keys(entry.controllers).map(
    (name) => [name, imageDifferences(entry, name, transport)] as const,
  );
  const { results, problems } = await collectProblems<Record<string, readonly Difference[]>>({
    // No controller's name has a dot.
    "install.yaml": reading.then((objects) => manifestDifferences(entry, objects)),
    ...Object.fromEntries(images),
  });
  const differences = Object.values(results).flatMap((found = []) => found);
  return [...problems, ...differences.map((difference) => asProblem(version, difference))];
}

/** With the locked digests of images, which only the registry knows. */
function manifestDifferences(entry: LockEntry, objects: readonly KubernetesObject[]): Difference[] {
  const digests = Object.entries(entry.controllers).map(([name, { digest }]) => [name, digest]);
  return entryDifferences(entry, draftEntry(objects, entry.source, Object.fromEntries(digests)));
}

async function imageDifferences(entry: LockEntry, name: string, transport: Transport): Promise<Difference[]> {
  const controller = entry.controllers[name];
  if (!controller) return [];
  const digest = await imageDigest(controller, transport);
  const found = { ...entry, controllers: { ...entry.controllers, [name]: { ...controller, digest } } };
  return entryDifferences(entry, found);
}

function asProblem(version: string, { path, locked, found }: Difference): Problem {
  return {
    file: LOCK_FILE,
    path: `${version}.${path}`,
    message: `is locked as ${locked}, and is now ${found}`,
    fix: "Nothing but what is locked is ever installed; find out who changed it and when",
  };
}
