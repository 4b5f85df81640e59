import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { root } from "../support/fleet.js";
import { ourFiles } from "./our-files.js";

/** One import of a file of ours, from the root of the checkout. */
interface Import {
  readonly from: string;
  readonly to: string;
}

/** Folder → folders that it may import, as docs/architecture.md says it. */
const allowed = tableOf(readFileSync(join(root, "docs/architecture.md"), "utf8"));
const imports = ourFiles()
  .filter((file) => /\.(?:ts|mjs)$/.test(file))
  .flatMap(importsOf);

describe("who imports whom", () => {
  it("is what docs/architecture.md says", () => {
    const crossing = imports.filter(({ from, to }) => folderOf(from) !== folderOf(to));
    assert.ok(crossing.length > 0);
    const wrong = crossing.filter(({ from, to }) => !allowed.get(folderOf(from))?.includes(folderOf(to)));
    assert.deepEqual(
      wrong.map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });

  it("is no wider in the document than in the code", () => {
    for (const [folder, targets] of allowed) {
      if (folder === "test") continue;
      for (const target of targets) {
        assert.ok(
          imports.some(({ from, to }) => folderOf(from) === folder && folderOf(to) === target),
          `nothing in ${folder} imports ${target}`,
        );
      }
    }
  });
});

/** The rows of the table: `| folder | what | may import | … |`. */
function tableOf(document: string): ReadonlyMap<string, readonly string[]> {
  const [, table = ""] = /^## What is where\n\n((?:\|.*\n)+)/m.exec(document) ?? [];
  const rows = table
    .split("\n")
    .slice(2, -1)
    .map((row) => row.split("|").map((cell) => cell.trim()));
  const folders = rows.map(([, folder = ""]) => folder.replaceAll(/[`/]/g, ""));
  return new Map(
    rows.map(([, , , mayImport = ""], index) => {
      const named = [...mayImport.matchAll(/`([^`]+)\/`/g)].map(([, name = ""]) => name);
      assert.ok(named.length > 0 || mayImport === "all" || mayImport === "nothing of ours", mayImport);
      return [folders[index] ?? "", mayImport === "all" ? folders : named];
    }),
  );
}

/** Static and dynamic imports, types among them, and what is passed on by `export … from`. */
function importsOf(from: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, from), "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => ({ from, to: normalize(join(dirname(from), fileName)) }));
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}
