import { lstatSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { leftoverEntries } from "../../config/files/read-folder.js";
import { SEED_FOLDER } from "../../config/platform/kustomize-build.js";
import { fleetError, type Problem } from "../../lib/diagnostics/problem.js";

/**
 * The entries of a checkout of the platform's repository by which Flux would read something else than the rules. Flux
 * fetches the repository by its own Git, which knows no attributes.
 * @throws FleetError when the folder has no `fleet/` of its own
 */
export function repositoryEntryProblems(folder: string): Problem[] {
  const seed = lstatSync(join(folder, SEED_FOLDER), { throwIfNoEntry: false });
  if (seed?.isDirectory() !== true) {
    const message = "has no folder fleet/ of its own, so there is nothing to judge";
    throw fleetError(folder, "", message, "Name a checkout of the platform's repository");
  }
  const rewriting = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    // Those of fleet/ break a rule, which says the same.
    .filter(([top]) => top !== ".git" && top !== SEED_FOLDER)
    .map((path) => path.join("/"))
    .filter((path) => path === ".sourceignore" || path.split("/").at(-1) === ".gitattributes");
  return [
    ...rewriting.map((file) => ({
      file: `./${file}`,
      path: "",
      message: "changes the files of fleet/ that Flux or a checkout has, so that Flux applies others than those judged",
      fix: "Remove it",
    })),
    ...leftoverEntries(folder, SEED_FOLDER),
  ];
}
