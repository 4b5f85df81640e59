import { compareVersions } from "../../lib/data/compare-versions.js";
import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import type { Transport } from "../release/https.js";
import { LOCK_FILE, type LockEntry, type LockedController, lockedVersion, readLock } from "../release/lock.js";
import { imagesOf, lockEntry } from "../release/lock-entry.js";
import type { Manifest } from "../release/typed-kind.js";
import { type Difference, differenceProblem, entryDifferences } from "./differences.js";
import type { LockVersionArgs } from "./lock-version.js";
import { imageDigest } from "./registry/image-digest.js";
import { readRelease } from "./release.js";

/** The entries to verify: those of one version, or of all. */
export interface VerifyLockArgs extends Omit<LockVersionArgs, "version" | "replace"> {
  readonly version: string | undefined;
}

/**
 * Verifies that manifests and images are still those of `flux.lock.json`.
 * @throws FleetError naming each difference, and everything that could not be verified, of all versions
 */
export async function verifyLock({ root, version, show, ...release }: VerifyLockArgs): Promise<void> {
  const lock = readLock(root);
  const versions = version === undefined ? Object.keys(lock).sort(compareVersions) : [version];
  if (versions.length === 0) {
    const message = "has no entry, so there is nothing to check";
    throw fleetError(LOCK_FILE, "", message, "Lock a version: npx fleet lock VERSION");
  }
  const problems: Problem[] = [];
  // One version after the other, because of registries' rate limits.
  for (const one of versions) {
    const entry = lockedVersion(lock, one);
    const found = await entryProblems(one, entry, release);
    problems.push(...found);
    if (found.length > 0) continue;
    show(`Flux ${one} is as locked: ${entry.objects} objects, ${Object.keys(entry.controllers).length} images.\n`);
  }
  if (problems.length > 0) throw new FleetError(problems);
}

async function entryProblems(
  version: string,
  entry: LockEntry,
  { manifest, transport }: Pick<VerifyLockArgs, "manifest" | "transport">,
): Promise<Problem[]> {
  const release = readRelease({ version, source: entry.source, manifest, transport });
  const images = Object.entries(entry.controllers).map(
    ([name, controller]) => [name, imageDifferences(name, controller, transport)] as const,
  );
  const { results, problems } = await collectProblems<Record<string, readonly Difference[]>>({
    // No controller's name has a dot.
    "install.yaml": release.then((objects) => manifestDifferences(entry, objects)),
    ...Object.fromEntries(images),
  });
  const fix = "Find out who changed it and when; the program installs only the locked version";
  const differences = Object.values(results).flatMap((found = []) => found);
  return [...problems, ...differences.map((difference) => differenceProblem(version, difference, fix))];
}

async function imageDifferences(
  name: string,
  controller: LockedController,
  transport: Transport,
): Promise<Difference[]> {
  const found = await imageDigest(controller, transport);
  return found === controller.digest ? [] : [{ path: `controllers.${name}.digest`, locked: controller.digest, found }];
}

/** With the locked digests of images, which only the registry knows. */
function manifestDifferences(entry: LockEntry, objects: Manifest): Difference[] {
  const { source, controllers } = entry;
  const names = Object.keys(imagesOf(objects, source));
  const imageDigests = Object.fromEntries(names.map((name) => [name, controllers[name]?.digest ?? ""]));
  return entryDifferences(entry, lockEntry(source, objects, imageDigests));
}
