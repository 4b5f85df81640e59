import path from "node:path";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { BASE_FOLDER } from "../names.js";
import { stackName } from "../rules/names.js";
import { isFolder, listFolder, readNamedFiles } from "./folder.js";
import { readSharedFiles, type SharedFiles } from "./shared-files.js";
import type { YamlFile } from "./yaml-file.js";

/** The files of stacks/ that one stack is made of. */
export interface TenantFiles extends SharedFiles {
  /** Every stack that has an overlay folder, sorted. */
  readonly stacks: readonly string[];
  /** Base files by the name in their file name. */
  readonly base: ReadonlyMap<string, YamlFile>;
  /** The stack's overlays by the name in their file name. */
  readonly overlays: ReadonlyMap<string, YamlFile>;
  /** Names of the tenants that other stacks have an overlay for. */
  readonly elsewhere: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/**
 * Reads the base files, the groups, and one stack's defaults and overlays, below `root/stacks`.
 * @param stack known to be a stack's name
 */
export function readTenantFiles(root: string, stack: string): TenantFiles {
  const { stacks, problems } = findStacks(root);
  const base = readTenantFolder(root, BASE_FOLDER, problems);
  const shared = readSharedFiles(root, { stack, stacks }, problems);
  const elsewhere = new Set(stacks.filter((other) => other !== stack).flatMap((other) => tenantNames(root, other)));
  if (stacks.includes(stack)) {
    return { stacks, base, ...shared, overlays: readTenantFolder(root, stack, problems), elsewhere, problems };
  }
  const listed = stacks.length === 0 ? "no stack has one" : `those that have one are ${stacks.join(", ")}`;
  problems.push({
    file: `stacks/${stack}/tenants`,
    path: "",
    message: `does not exist, so the stack ${stack} has no overlay folder; ${listed}`,
    fix: didYouMean(nearMatches(stack, stacks), "Select another stack, or create the folder with one file per tenant"),
  });
  return { stacks, base, ...shared, overlays: new Map(), elsewhere, problems };
}

/** Every stack that has an overlay folder, sorted, and the problems of their names. */
export function findStacks(root: string): { stacks: string[]; problems: Problem[] } {
  const stacks: string[] = [];
  const problems: Problem[] = [];
  for (const entry of listFolder(path.join(root, "stacks"))) {
    const { name } = entry;
    // Its tenants would be unknown, and the stack that creates repositories would archive theirs.
    if (entry.isSymbolicLink() && isFolder(path.join(root, "stacks", name))) {
      const file = `stacks/${name}`;
      problems.push({ file, path: "", message: "is a symbolic link, which is not followed", fix: "Make it a folder" });
    }
    if (!entry.isDirectory() || name === BASE_FOLDER || !isFolder(path.join(root, "stacks", name, "tenants"))) continue;
    const violation = stackName.check(name);
    if (violation) {
      const message = `the stack's name ${violation.message}`;
      problems.push({ file: `stacks/${name}`, path: "", message, fix: "Rename the folder" });
    } else {
      stacks.push(name);
    }
  }
  return { stacks, problems };
}

function readTenantFolder(root: string, folder: string, problems: Problem[]): Map<string, YamlFile> {
  const directory = `stacks/${folder}/tenants`;
  if (!isFolder(path.join(root, directory))) {
    problems.push({ file: directory, path: "", message: "does not exist", fix: "Create it with one file per tenant" });
  }
  return readNamedFiles(root, directory, { kind: "tenant" }, problems);
}

/** The names in the file names of another stack's overlays. That stack's own commands check the files. */
function tenantNames(root: string, stack: string): string[] {
  return listFolder(path.join(root, `stacks/${stack}/tenants`))
    .filter(({ name }) => name.endsWith(".yaml"))
    .map(({ name }) => path.basename(name, ".yaml"));
}
