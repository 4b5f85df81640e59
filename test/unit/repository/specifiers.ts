import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../../support/unit/fleet.js";

/** The specifiers of a file's static and dynamic imports, types among them, and of `export … from`. */
export function specifiersOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true);
  return importedFiles.map(({ fileName }) => fileName);
}
