import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { checkout } from "../checkout.js";
import { Cache } from "../program/cache.mjs";
import { type ProgramBundle, programBundle } from "../program/program-bundle.mjs";

/** The first module of a revision's recorder. It exports `recordRevision`. */
export const RECORDER_ENTRY = "cli/diff/record-revision.ts";

/** The recorder of a revision, with that revision's program, as one script. */
export interface RecorderBundle extends ProgramBundle {
  /** Folder of the revision. */
  readonly root: string;
}

/**
 * Bundles the recorder of a revision, or takes the bundle from the cache of the working tree. Nothing of the revision runs
 * for it, so the entry of one revision is never what the code of another one wrote.
 * @param folder folder of the revision
 * @param isPrivate whether it is a copy that nothing else writes to
 * @throws FleetError that shows the file and line that cannot be parsed or found
 */
export async function bundleRecorder(
  folder: string,
  { workingTree, isPrivate }: { readonly workingTree: string; readonly isPrivate: boolean },
): Promise<RecorderBundle> {
  const root = realpathSync(folder);
  const cache = new Cache(join(workingTree, "node_modules", ".cache", "fleet", "diff"));
  try {
    return { root, ...(await programBundle({ root, entry: RECORDER_ENTRY, home: checkout, isPrivate }, cache)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fleetError("recorder", "", `cannot be bundled:\n${error.message}`);
  }
}
