import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramChange } from "../../review/document/program-entries.js";
import { git, gitOutput } from "./git.js";
import { differForEngine } from "./stack-settings.js";

const stackFile = /^Pulumi\.[^/]+\.yaml$/;
/** Files that the program reads as data. Their changes show in what it registers. */
const data = [/^stacks\//, /^fleet\//, stackFile];
/** Files that nothing runs with a credential: documents, and tests. */
const neverRun = [/\.md$/, /^docs\//, /^(?:sandbox\/)?test\//];

/**
 * The changed files of the program, committed or not: all files of the checkout but data, documents and tests. Of these, the
 * ones that the program is bundled from count as well, and files of stacks that change settings of the engine.
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
  const all = [...trackedChanges(tracked), ...untracked.split("\0").flatMap(addedFile)];
  const counts = await Promise.all(
    all.map(async ({ path }) => {
      return inBundle.has(path) || isOfProgram(path) || (await changesEngine(checkout, commit, path));
    }),
  );
  return all.filter((_, index) => counts[index]);
}

/** Whether a file of a stack changes what the engine reads of it. */
async function changesEngine(checkout: string, commit: string, path: string): Promise<boolean> {
  if (!stackFile.test(path)) return false;
  const before = await git(checkout, ["show", "--no-textconv", `${commit}:./${path}`]);
  const file = join(checkout, path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  // A link may lead to any content, and to another one later.
  if (found?.isFile() === false) return true;
  return differForEngine(before.failed ? "" : before.stdout, found === undefined ? "" : readFileSync(file, "utf8"));
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
