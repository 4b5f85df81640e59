import { createHmac, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readFolder } from "../../config/files/read-folder.js";
import { filesOfCluster } from "../../config/platform/checks.js";
import { type Files, SEED_FOLDER } from "../../config/platform/kustomize-build.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";
import type { Entry } from "../../review/document/document.js";
import { type PlatformSide, platformEntries } from "../../review/document/platform-entries.js";
import type { StackPlans } from "../../review/document/stack-entries.js";
import { type Phrase, phrase } from "../../review/phrase.js";
import { secretMark } from "../../review/planned-resource.js";
import { loadStack } from "../load-stack.js";
import { buildStack } from "../platform/build-stack.js";
import { findKustomize, type KustomizeProgram } from "../platform/kustomize-program.js";

/** The input of {@link platformChanges}. */
export interface PlatformChangesArgs {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Folder of the base revision. */
  readonly baseRoot: string;
  /** Stacks of both revisions. Others are an entry of their own. */
  readonly plans: readonly StackPlans[];
  readonly environment: NodeJS.ProcessEnv;
}

/** A revision, and its files of `fleet/`. */
interface Revision {
  readonly root: string;
  readonly files: Files;
}

/**
 * The entries about `fleet/`: changed files for each stack, and the objects that become others. This process reads both
 * revisions as data, and kustomize builds them. It builds nothing where neither `fleet/` nor the stack's settings change.
 */
export async function platformChanges(
  args: PlatformChangesArgs,
): Promise<{ readonly entries: readonly Entry[]; readonly notes: readonly Phrase[] }> {
  const [old, now] = [revisionOf(args.baseRoot), revisionOf(args.checkout)];
  const sameFiles = isDeepStrictEqual(old.files, now.files);
  const secretKey = randomBytes(32);
  const markSecret = (value: unknown) =>
    secretMark(createHmac("sha256", secretKey).update(JSON.stringify(value)).digest("hex"));
  const [entries, notes]: [Entry[], Phrase[]] = [[], []];
  let program: KustomizeProgram | undefined;
  for (const { stack, before, after: plan } of args.plans) {
    if (before === undefined || plan === undefined || (sameFiles && hasSameSettings(stack, old, now))) continue;
    program ??= await findKustomize(args.environment);
    const [former, current] = [await sideOf(stack, old, program), await sideOf(stack, now, program)];
    if (former === undefined || current === undefined) {
      notes.push(phrase`fleet/ is not compared on ${stack}, whose files do not load in both revisions`);
      continue;
    }
    if (former.objects === undefined || current.objects === undefined) {
      notes.push(
        phrase`the objects of fleet/ are not compared on ${stack}, where they cannot be built in both revisions`,
      );
    }
    entries.push(...platformEntries({ plan, before: former, after: current, markSecret }));
  }
  const hasEntries = entries.length > 0;
  const about: Phrase = [
    "fleet/ reaches a cluster by commits of the platform's repository alone: an update adds files that are missing there, and changes and removes none",
  ];
  return { entries, notes: hasEntries ? [...notes, about] : notes };
}

function revisionOf(root: string): Revision {
  return { root, files: existsSync(join(root, SEED_FOLDER)) ? readFolder(root, SEED_FOLDER) : {} };
}

function hasSameSettings(stack: string, ...revisions: readonly Revision[]): boolean {
  const [one, other] = revisions.map(({ root }) => {
    const file = join(root, `Pulumi.${stack}.yaml`);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
  return one === other;
}

/** The objects that a revision has for a stack. Undefined where its files do not load. */
async function sideOf(
  stack: string,
  { root, files }: Revision,
  program: KustomizeProgram | undefined,
): Promise<PlatformSide | undefined> {
  const { spec } = await loadStack(root, stack);
  if (spec === undefined) return undefined;
  const variables = clusterVariables(spec, spec.platform.variables);
  const needed = filesOfCluster({ files, stack, stacks: spec.stacks, variables });
  const read = Object.entries(files).filter(([file]) => needed?.has(file) ?? true);
  const { objects, buildFaults } = await buildStack(files, spec, program);
  return { files: Object.fromEntries(read), objects: buildFaults.length === 0 ? objects : undefined };
}
