import type { Dirent } from "node:fs";
import path from "node:path";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { BASE_FOLDER, DEFAULTS_FILE, GROUPS_FOLDER, WAIVERS_NAME } from "../names.js";
import { isFolder, listFolder, readNamedFiles } from "./folder.js";
import { readYamlFile, type YamlFile } from "./yaml-file.js";

/** Folder of the groups' files. */
export const groupsDirectory = `stacks/${GROUPS_FOLDER}`;

/** The files of defaults that several tenants share. */
export interface SharedFiles {
  /** Defaults of groups by the name in their file name. */
  readonly groups: ReadonlyMap<string, YamlFile>;
  /** Defaults of all tenants of the stack. @default - it has no such file */
  readonly defaults?: YamlFile;
}

/**
 * Reads the defaults of all groups, and those of one stack.
 * @param stacks every stack that has an overlay folder
 * @param problems gets those of the files, and of files that would be overlooked
 */
export function readSharedFiles(
  root: string,
  { stack, stacks }: { readonly stack: string; readonly stacks: readonly string[] },
  problems: Problem[],
): SharedFiles {
  const groups = readNamedFiles(root, groupsDirectory, { kind: "group" }, problems);
  problems.push(...overlookedFiles(root, stacks));
  const file = `stacks/${stack}/${DEFAULTS_FILE}`;
  const entry = listFolder(path.join(root, `stacks/${stack}`)).find(({ name }) => name === DEFAULTS_FILE);
  if (entry === undefined || !stacks.includes(stack)) return { groups };
  if (!entry.isFile()) {
    problems.push({
      file,
      path: "",
      message: "is not a file",
      fix: "Put a file with the stack's defaults in its place",
    });
    return { groups };
  }
  const defaults = readYamlFile(root, file);
  problems.push(...defaults.problems);
  return { groups, defaults };
}

/** YAML files beside the folders of tenants: nothing reads them, while their author takes them for defaults. */
function overlookedFiles(root: string, stacks: readonly string[]): Problem[] {
  const entries = listFolder(path.join(root, "stacks"));
  const inFolders = entries
    .filter((entry) => entry.isDirectory() && entry.name !== GROUPS_FOLDER)
    // A stack whose name is refused has a problem of its own.
    .filter(({ name }) => stacks.includes(name) || name === BASE_FOLDER || !hasTenants(root, name))
    .flatMap(({ name }) =>
      listFolder(path.join(root, "stacks", name)).flatMap((entry) => {
        const fault = isYaml(entry) ? faultInFolder(name, entry.name, stacks) : undefined;
        return fault ? [{ file: `stacks/${name}/${entry.name}`, path: "", ...fault }] : [];
      }),
    );
  const inRoot = entries
    .filter((entry) => isYaml(entry) && entry.name !== WAIVERS_NAME)
    .map(({ name }) => {
      const fix = `Move it to stacks/STACK/${DEFAULTS_FILE} for one stack, or to ${groupsDirectory}/NAME.yaml for a group`;
      return { file: `stacks/${name}`, path: "", message: "is read by no stack", fix };
    });
  return [...inFolders, ...inRoot];
}

function hasTenants(root: string, folder: string): boolean {
  return isFolder(path.join(root, "stacks", folder, "tenants"));
}

/** Why a YAML file in a folder of stacks/ has no effect; undefined for a stack's defaults. */
function faultInFolder(
  folder: string,
  name: string,
  stacks: readonly string[],
): Pick<Problem, "message" | "fix"> | undefined {
  if (folder === BASE_FOLDER) {
    const fix = `Move it to ${groupsDirectory}/NAME.yaml, and name the group in each base file`;
    return { message: `is read by no stack: ${BASE_FOLDER} has no defaults for all tenants`, fix };
  }
  if (!stacks.includes(folder)) {
    const otherwise = stacks.length === 0 ? "Create its folder tenants" : `The stacks are ${stacks.join(", ")}`;
    const message = `is for the stack ${folder}, which does not exist: it has no folder stacks/${folder}/tenants`;
    return { message, fix: didYouMean(nearMatches(folder, stacks), otherwise) };
  }
  if (name === DEFAULTS_FILE) return undefined;
  return { message: "is read by no stack", fix: `Rename it to ${DEFAULTS_FILE}, or move a tenant's file to tenants` };
}

function isYaml({ name }: Dirent): boolean {
  return /\.ya?ml$/i.test(name);
}
