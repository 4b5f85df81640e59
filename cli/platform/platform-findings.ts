import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../../config/files/read-folder.js";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { SEED_FOLDER } from "../../config/platform/kustomize-build.js";
import { type LoadManifest, loadOnce } from "../../flux/hardened-objects.js";
import { type LockEntry, lockedVersion, readLock } from "../../flux/release/lock.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { type Phrase, phrase } from "../../review/phrase.js";
import type { RuleFinding } from "../../review/rules/judge.js";
import type { Waiver } from "../../review/rules/waivers.js";
import { FluxSchemas } from "./flux-schemas.js";
import { judgeFleetFiles } from "./judge-fleet-files.js";
import { findKustomize, KUSTOMIZE_ADVICE, type KustomizeProgram } from "./kustomize-program.js";

/** The judgement of a checkout's `fleet/`. */
export interface PlatformJudgement {
  readonly findings: readonly RuleFinding[];
  /** The parts that were not judged, each with the reason. */
  readonly notes: readonly Phrase[];
}

/** The arguments of {@link platformFindings}. */
export interface PlatformFindingsArgs {
  /** Folder that has `fleet/`. */
  readonly root: string;
  /** Folder that has `flux.lock.json`. @default - the same */
  readonly lockRoot?: string;
  readonly specs: readonly FleetSpec[];
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether Flux's manifest is not read, so that its CRDs are unknown. */
  readonly withoutFlux: boolean;
  /**
   * Whether the manifest of a lock entry may be read. Its schemas become code, so it must not be one that the author of a
   * change chose. @default - every entry
   */
  readonly trusts?: (version: string, entry: LockEntry) => boolean;
  readonly waivers: readonly Waiver[];
  /** The day of the judgement, `2027-03-31`. */
  readonly today: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Variable that makes a missing kustomize an error. The workflows and `npm test` set it. */
const REQUIRE_KUSTOMIZE = "FLEET_REQUIRE_KUSTOMIZE";

/**
 * Judges `fleet/` for stacks, by kustomize's own build. Nothing of the checkout runs for it.
 * @throws FleetError when kustomize is missing although the environment demands it, or Flux's manifest cannot be read
 */
export async function platformFindings(args: PlatformFindingsArgs): Promise<PlatformJudgement> {
  const { root, specs, withoutFlux, environment } = args;
  if (!existsSync(join(root, SEED_FOLDER))) return { findings: [], notes: [] };
  const program = await requiredKustomize(environment);
  const files = readFolder(root, SEED_FOLDER);
  const schemasOf = schemaLoader(args);
  const unread = new Set<string>();
  const judged = specs.map(async (spec) => {
    const { version } = spec.flux;
    const schemas = withoutFlux ? undefined : await schemasOf(version);
    if (!withoutFlux && schemas === undefined) unread.add(version);
    return await judgeFleetFiles({ ...args, files, spec, program, schemas });
  });
  const findings = (await Promise.all(judged)).flat();
  const notes = [
    ...(program === undefined
      ? [
          phrase`fleet/ is judged without a build, so patches and what kustomize refuses are not: ${[lowered(KUSTOMIZE_ADVICE)]}`,
        ]
      : []),
    ...(withoutFlux ? [["the form of Flux's objects in fleet/ is not judged (--without-flux)"]] : []),
    ...[...unread].map(
      (version) =>
        phrase`the form of Flux's objects in fleet/ is not judged: the change brings its own lock entry of ${version}, from elsewhere than Flux's releases`,
    ),
  ];
  return { findings, notes };
}

async function requiredKustomize(environment: NodeJS.ProcessEnv): Promise<KustomizeProgram | undefined> {
  const program = await findKustomize(environment);
  if (program !== undefined || !isSet(environment[REQUIRE_KUSTOMIZE])) return program;
  const message = `there is no kustomize on this machine, and ${REQUIRE_KUSTOMIZE} demands it`;
  throw fleetError("fleet", "", message, KUSTOMIZE_ADVICE);
}

/** Reads the CRDs of each version once. */
function schemaLoader(
  { root, lockRoot = root, manifests, trusts = () => true }: PlatformFindingsArgs,
  load: LoadManifest = loadOnce(),
) {
  const loaded = new Map<string, Promise<FluxSchemas | undefined>>();
  const read = async (version: string) => {
    const entry = lockedVersion(readLock(lockRoot), version);
    if (!trusts(version, entry)) return undefined;
    return new FluxSchemas(await load({ version, entry, directory: manifests }));
  };
  return (version: string): Promise<FluxSchemas | undefined> => {
    const known = loaded.get(version) ?? read(version);
    loaded.set(version, known);
    return known;
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false";
}

function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
