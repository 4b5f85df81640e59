import { type Dirent, readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { dnsLabel } from "../rules/names.js";
import { readYamlFile, type YamlFile } from "./yaml-file.js";

/** The files of a folder, by the kind of thing that each declares. */
interface NamedFiles {
  readonly kind: "tenant" | "group";
}

/**
 * The YAML files of a folder by the name in their file name, each of which declares one thing of a kind.
 * @param problems gets those of the files, and of entries that are no such file
 */
export function readNamedFiles(
  root: string,
  directory: string,
  { kind }: NamedFiles,
  problems: Problem[],
): Map<string, YamlFile> {
  const files = new Map<string, YamlFile>();
  for (const entry of listFolder(path.join(root, directory))) {
    const file = `${directory}/${entry.name}`;
    // Git keeps no empty folders, so an empty one needs a file that declares nothing.
    if (entry.name === ".gitkeep") continue;
    const stray = strayFile(entry, kind);
    if (stray) {
      problems.push({ file, path: "", ...stray });
      continue;
    }
    const yaml = readYamlFile(root, file);
    problems.push(...yaml.problems);
    files.set(path.basename(entry.name, ".yaml"), yaml);
  }
  return files;
}

/** Why an entry of a folder is no file of its kind; a file that is silently left out is a tenant that is missing. */
function strayFile(entry: Dirent, kind: NamedFiles["kind"]): Pick<Problem, "message" | "fix"> | undefined {
  if (!entry.isFile()) return { message: "is not a file", fix: `Keep nothing but ${kind} files here` };
  if (/\.yml$/i.test(entry.name)) {
    return { message: "ends in .yml", fix: `Rename it to ${entry.name.replace(/\.yml$/i, ".yaml")}` };
  }
  if (!entry.name.endsWith(".yaml")) {
    return { message: `is not a ${kind} file: its name does not end in .yaml`, fix: "Move it elsewhere" };
  }
  const violation = dnsLabel.check(entry.name.slice(0, -".yaml".length));
  return violation && { ...violation, message: `the ${kind}'s name, which is the file's, ${violation.message}` };
}

/** Entries of a folder, sorted alike on every machine; none when it does not exist. */
export function listFolder(directory: string): Dirent[] {
  if (!isFolder(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a folder exists at a path, also as the target of a symbolic link. */
export function isFolder(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
