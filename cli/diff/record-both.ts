import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, problemLine } from "../../lib/diagnostics/problem.js";
import type { RecordedRevision, RecordRequest } from "./recorded-revision.js";
import { bundleRecorder, type RecorderBundle } from "./recorder-bundle.js";
import { startRecorder } from "./run-recorder.js";

/** The arguments of {@link startRecorders}. */
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
}

/** Both programs while they run. */
export interface RunningRecorders {
  /** Files that the programs consist of, packages included. */
  readonly programFiles: readonly string[];
  /** Rejected with a FleetError if the program of the working tree does not run. */
  readonly recorded: Promise<RecordedBoth>;
}

/** The most characters of a failure. */
const longestFailure = 300;

/**
 * Starts to record both revisions at the same time. A base that does not run is not this change's problem.
 * @throws FleetError if the program of the working tree cannot be bundled
 */
export async function startRecorders(args: RecordBothArgs): Promise<RunningRecorders> {
  const { checkout, baseRoot, stacks, manifests, withoutFlux } = args;
  const request = { stacks, manifests, withoutFlux, secretKey: randomBytes(32).toString("base64") };
  const bundle = (folder: string) => bundleRecorder(folder, { workingTree: checkout, isPrivate: folder === baseRoot });
  // Both are bundled before one runs: a recorded program could change files of the other one meanwhile. Most changes leave
  // the program as it is, and then the kept bundle of the first is that of the second.
  const own = await bundle(checkout);
  const bundled = await collectProblems({ base: bundle(baseRoot) });
  const { base } = bundled.results;
  const programFiles = [own, ...(base === undefined ? [] : [base])].flatMap(programFilesOf);
  const { before, after } = await startBoth(own, base, request);
  const both = async (): Promise<RecordedBoth> => {
    const [former, current] = await Promise.all([
      before && collectProblems({ recorded: before.recorded }),
      collectProblems({ recorded: after.recorded }),
    ]);
    const { recorded } = current.results;
    if (recorded === undefined) throw new FleetError(current.problems);
    const failure = [...bundled.problems, ...(former?.problems ?? [])]
      .map(problemLine)
      .join(" ")
      .slice(0, longestFailure);
    return { before: former?.results.recorded, after: recorded, failure: failure === "" ? undefined : failure };
  };
  return { programFiles, recorded: both() };
}

/** Starts both recorders, or leaves none behind. */
async function startBoth(own: RecorderBundle, base: RecorderBundle | undefined, request: RecordRequest) {
  const [after, before] = await Promise.allSettled([
    startRecorder(own, request),
    base === undefined ? undefined : startRecorder(base, request),
  ]);
  if (after.status === "fulfilled" && before.status === "fulfilled") {
    return { after: after.value, before: before.value };
  }
  // The files of the other one are deleted next.
  const started = [after, before].flatMap((one) => (one.status === "fulfilled" ? [one.value?.recorded] : []));
  await Promise.allSettled(started);
  throw after.status === "rejected" ? after.reason : before.status === "rejected" ? before.reason : undefined;
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
