import type { ProgramChange } from "../../review/document/program-entries.js";
import { gitOutput } from "./git.js";

/** Files that the program reads as data. Their changes show in what it registers. */
const data = [/^stacks\//, /^fleet\//, /^Pulumi\.[^/]+\.yaml$/];
/** Files that nothing runs with a credential: documents, and tests. */
const neverRun = [/\.md$/, /^docs\//, /^(?:sandbox\/)?test\//];

/**
 * The changed files of the program, committed or not: all files of the checkout but data, documents and tests. Of these, the
 * ones that the program is bundled from count as well.
 * @param checkout folder of the working tree
 * @param commit the base
 * @param bundled files of the programs of both revisions
 */
export async function programChanges(
  checkout: string,
  commit: string,
  bundled: readonly string[],
): Promise<ProgramChange[]> {
  const options = ["--name-status", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none", "--relative"];
  const [tracked, untracked] = await Promise.all([
    gitOutput(checkout, ["-c", "diff.autoRefreshIndex=true", "diff", ...options, commit, "--", "."]),
    gitOutput(checkout, ["ls-files", "--others", "--exclude-standard", "-z", "--", "."]),
  ]);
  const inBundle = new Set(bundled);
  return [...trackedChanges(tracked), ...untracked.split("\0").flatMap(addedFile)].filter(
    ({ path }) => inBundle.has(path) || isOfProgram(path),
  );
}

/** Whether a file is neither data nor a document nor a test. */
export function isOfProgram(path: string): boolean {
  return ![...data, ...neverRun].some((pattern) => pattern.test(path));
}

/** The changes in the output of `git diff --name-status -z`: a letter and a path, in turn. */
export function trackedChanges(output: string): ProgramChange[] {
  const fields = output.split("\0");
  const kinds: Readonly<Record<string, ProgramChange["kind"]>> = { A: "added", D: "removed" };
  return fields.flatMap((status, index) => {
    const path = fields[index + 1];
    if (index % 2 === 1 || path === undefined) return [];
    return [{ kind: kinds[status.slice(0, 1)] ?? "changed", path }];
  });
}

function addedFile(path: string): ProgramChange[] {
  return path === "" ? [] : [{ kind: "added", path }];
}
