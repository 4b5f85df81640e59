import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { isBlocking, type RuleFinding } from "../../review/rules/judge.js";
import { readWaivers } from "../../review/rules/waivers.js";
import { loadStack } from "../load-stack.js";
import { type PlatformJudgement, platformFindings } from "../platform/platform-findings.js";
import { trustsLockOf } from "../platform/trusted-lock.js";
import { findStacks } from "../stacks.js";
import { waiversOfBase } from "./judge-plans.js";

/** The arguments of {@link judgePlatformFiles}. */
export interface JudgePlatformFilesArgs {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Folder of the base revision. */
  readonly baseRoot: string;
  /** The stacks of the working tree. */
  readonly specs: readonly FleetSpec[];
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether Flux's own objects are left out. */
  readonly withoutFlux: boolean;
  /** The day of the review, `2027-03-31`. */
  readonly today: string;
}

/**
 * Judges `fleet/` of the working tree, of which this process reads data alone. The base is not judged: as with the other
 * mandatory rules, a violation blocks every change until it is mended or waived. An advisory finding is reported
 * when the change touches its file, and a waiver when the base has another one.
 */
export async function judgePlatformFiles(args: JudgePlatformFilesArgs): Promise<PlatformJudgement> {
  const { checkout, baseRoot, today } = args;
  const { findings, notes } = await platformFindings({
    ...args,
    root: checkout,
    waivers: readWaivers(checkout, today),
    trusts: trustsLockOf(baseRoot),
    environment: process.env,
  });
  const earlier = waiversOfBase(baseRoot, today);
  const isShown = (finding: RuleFinding) => {
    if (isBlocking(finding)) return true;
    if (finding.waiver === undefined) return !isSameFile(finding.place?.file ?? "", checkout, baseRoot);
    return !earlier.some((one) => isDeepStrictEqual(one, finding.waiver));
  };
  return { findings: findings.filter(isShown), notes };
}

/**
 * The specs of a checkout's stacks, without those whose files do not load. Its files alone decide which stacks there are: what
 * a recorder tells is up to the recorded program.
 * @param named stacks. @default - all
 */
export async function platformSpecs(checkout: string, named?: readonly string[]): Promise<readonly FleetSpec[]> {
  const stacks = (await findStacks(checkout)).filter((stack) => named?.includes(stack) ?? true);
  const loaded = await Promise.all(stacks.map((stack) => loadStack(checkout, stack)));
  return loaded.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
}

/** Whether a file has the same content in both revisions, so that the change brings nothing of it. */
function isSameFile(file: string, ...roots: readonly string[]): boolean {
  const [one, other] = roots.map((root) => {
    const path = join(root, file);
    return existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
  });
  return one === other;
}
