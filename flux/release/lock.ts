import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fluxVersion } from "../../config/rules/names.js";
import { problemsOf } from "../../lib/diagnostics/collect-problems.js";
import { fleetError, messageOf, type Problem } from "../../lib/diagnostics/problem.js";
import { validated } from "./typed-kind.js";

/** Name of the file, at the root of the project, that pins all Flux versions that may be installed. */
export const LOCK_FILE = "flux.lock.json";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits");
const version = z.string().regex(/^v\d+\.\d+\.\d+$/, "must be a version such as v2.9.2");

const lockedController = z.strictObject({
  /** Version of the controller, which is the tag of its image. */
  version,
  /** Image without tag: what the manifest must use. */
  image: z.string().regex(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/, "must be an image name without tag or digest"),
  /** Digest of the image index: what is installed, whatever the tag means later. */
  digest,
});

const lockEntrySchema = z.strictObject({
  /** Where the manifest comes from, over https. */
  source: z.url({ protocol: /^https$/, error: "must be an https URL" }),
  /** Digest over the manifest's objects; see manifestDigest. */
  digest,
  /** Number of objects in the manifest. */
  objects: z.int().positive(),
  /** Every controller whose Deployment the manifest holds, by name. */
  controllers: z.record(z.string().regex(/^[a-z0-9-]+$/), lockedController),
});

const lockSchema = z.record(version, lockEntrySchema);

/** The pinned image of a controller. */
export type LockedController = z.infer<typeof lockedController>;
/** The pinned manifest and controllers of a Flux version. */
export type LockEntry = z.infer<typeof lockEntrySchema>;
/** The content of the lock file: Flux version → entry. */
export type FluxLock = z.infer<typeof lockSchema>;

/** Reads `flux.lock.json` below `root`. @throws FleetError when the file is missing, and like {@link parseLock} */
export function readLock(root: string): FluxLock {
  return parseLock(orLockError("cannot be read", () => readFileSync(join(root, LOCK_FILE), "utf8")));
}

/** Parses the text of `flux.lock.json`. @throws FleetError when it is not JSON, or naming all invalid fields */
export function parseLock(text: string): FluxLock {
  const json: unknown = orLockError("is not JSON", () => JSON.parse(text));
  return validated(lockSchema, json, LOCK_FILE);
}

/** The entry of one Flux version. @throws FleetError naming the versions that the lock has */
export function lockedVersion(lock: FluxLock, wanted: string): LockEntry {
  const entry = Object.hasOwn(lock, wanted) ? lock[wanted] : undefined;
  if (entry) return entry;
  const known = Object.keys(lock).sort().join(", ") || "none";
  const message = `Flux ${wanted} has no entry, so its manifest and images cannot be verified; locked: ${known}`;
  const fix = `Run npx fleet lock ${wanted} and review what it adds, or choose a version that is locked`;
  throw fleetError(LOCK_FILE, wanted, message, fix);
}

/**
 * The problems of the lock that concern a stack.
 * @param wanted the stack's `fleet:fluxVersion`; an invalid one is ignored, because the loader reports it
 */
export function lockProblems(root: string, wanted: unknown): readonly Problem[] {
  try {
    const lock = readLock(root);
    if (typeof wanted === "string" && fluxVersion.check(wanted) === undefined) lockedVersion(lock, wanted);
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

function orLockError<Value>(failure: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw fleetError(LOCK_FILE, "", `${failure}: ${messageOf(error)}`, "Restore the file from Git");
  }
}
