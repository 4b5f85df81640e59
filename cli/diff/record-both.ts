import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, problemLine } from "../../lib/diagnostics/problem.js";
import type { RecordedRevision, RecordRequest } from "./recorded-revision.js";
import { bundleRecorder, type RecorderBundle } from "./recorder-bundle.js";
import { runRecorder } from "./run-recorder.js";

/** The arguments of {@link recordBoth}. */
export interface RecordBothArgs extends Omit<RecordRequest, "secretKey"> {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Folder of a copy of the base revision. */
  readonly baseRoot: string;
}

/** Both revisions as their own programs register them. */
export interface RecordedBoth {
  /** Undefined when the base's program does not run. */
  readonly before: RecordedRevision | undefined;
  readonly after: RecordedRevision;
  /** Why the base's program does not run. */
  readonly failure: string | undefined;
  /** Files that the programs consist of, packages included. */
  readonly programFiles: readonly string[];
}

/** The most characters of a failure. */
const longestFailure = 300;

/** Records both revisions at the same time. A base that does not run is not this change's problem. */
export async function recordBoth(args: RecordBothArgs): Promise<RecordedBoth> {
  const { checkout, baseRoot, stacks, manifests, withoutFlux } = args;
  const request = { stacks, manifests, withoutFlux, secretKey: randomBytes(32).toString("base64") };
  const bundle = (folder: string) => bundleRecorder(folder, { workingTree: checkout, isPrivate: folder === baseRoot });
  // Both are bundled before one runs: a recorded program could change files of the other one meanwhile. Most changes leave
  // the program as it is, and then the kept bundle of the first is that of the second.
  const own = await bundle(checkout);
  const bundled = await collectProblems({ base: bundle(baseRoot) });
  const { base } = bundled.results;
  const [recorded, current] = await Promise.all([
    base === undefined ? undefined : collectProblems({ before: runRecorder(base, request) }),
    collectProblems({ after: runRecorder(own, request) }),
  ]);
  const { after } = current.results;
  if (after === undefined) throw new FleetError(current.problems);
  const failure = [...bundled.problems, ...(recorded?.problems ?? [])]
    .map(problemLine)
    .join(" ")
    .slice(0, longestFailure);
  return {
    before: recorded?.results.before,
    after,
    failure: failure === "" ? undefined : failure,
    programFiles: [own, ...(base === undefined ? [] : [base])].flatMap(programFilesOf),
  };
}

/** The files of a bundle without packages, and the files that links among them lead to. */
function programFilesOf({ root, files }: RecorderBundle): string[] {
  const own = files.filter((file) => !file.startsWith("node_modules/"));
  const real = own.map((file) =>
    relative(root, realpathSync(join(root, file)))
      .split(sep)
      .join("/"),
  );
  return [...own, ...real];
}
