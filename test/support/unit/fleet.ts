import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fleet } from "../../../components/fleet.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { readPlatformSeed } from "../../../config/platform/seed.js";
import { harden } from "../../../flux/harden/harden.js";
import type { ExistingRepository } from "../../../lib/github/existing.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { assumedRepository, onGitHubCom } from "../../../review/record/assumed-github.js";
import { type RecordFleetArgs, recordFleet as recordGivenFleet } from "../../../review/record/record-fleet.js";
import type { Recording } from "../../../review/record/recorder.js";
import { fixtures } from "../fixtures.js";
import { fluxManifest, lockOf } from "./flux-manifest.js";

/** The checkout. */
export const root = join(import.meta.dirname, "..", "..", "..");

/** Records a fleet of the made-up release. The arguments default to the fixtures. */
export async function recordFleet(spec: FleetSpec, args: Partial<RecordFleetArgs> = {}): Promise<Recording<Fleet>> {
  const { fluxObjects = hardenedMadeUpFlux(spec), platformSeed = readPlatformSeed(fixtures), ...further } = args;
  return await recordGivenFleet(spec, { fluxObjects, platformSeed, ...further });
}

/** The made-up release, hardened for a stack. */
export function hardenedMadeUpFlux(spec: FleetSpec): readonly KubernetesObject[] {
  return harden(fluxManifest(), { settings: spec.flux, lock: lockOf(), stack: spec.stack });
}

/** A repository of ours, as GitHub lists it. */
export function ownRepository(name: string): [string, ExistingRepository] {
  return assumedRepository(onGitHubCom("acme"), name);
}

/** A file of the checkout as JSON. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
