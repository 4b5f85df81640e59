import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";
import { specifiersOf } from "./specifiers.js";

/** One import of a file of ours, from the root of the checkout. */
interface Import {
  readonly from: string;
  readonly to: string;
}

/** Folder → folders that it may import, as docs/architecture.md says it. */
const allowed = tableOf(readFileSync(join(root, "docs/architecture.md"), "utf8"));
const sources = ourFiles().filter((file) => /\.(?:tsx?|mjs)$/.test(file));
const imports = sources.flatMap(importsOf);

describe("imports between folders", () => {
  it("are those of docs/architecture.md", () => {
    const crossing = imports.filter(({ from, to }) => folderOf(from) !== folderOf(to));
    assert.ok(crossing.length > 0);
    const wrong = crossing.filter(({ from, to }) => !allowed.get(folderOf(from))?.includes(folderOf(to)));
    assert.deepEqual(
      wrong.map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });

  it("leave Pulumi to the program, its components and their recorder", () => {
    const pure = ["config", "flux", "lib", "operate", "policies", "preflight", "promotion", "review", "sandbox", "cli"];
    const isPure = (file: string) => pure.includes(folderOf(file)) && !file.startsWith("review/record/");
    const wrong = sources.filter((file) => isPure(file) && packagesOf(file).some(isPulumi));
    assert.deepEqual(wrong, []);
    assert.ok(sources.some((file) => folderOf(file) === "components" && packagesOf(file).some(isPulumi)));
  });

  it("include all that the document lists", () => {
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
  const [, table = ""] = /^## Folders\n\n((?:\|.*\n)+)/m.exec(document) ?? [];
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

/** The imports of files of ours, the sandbox's package among them. */
function importsOf(from: string): Import[] {
  return specifiersOf(from).flatMap((specifier) => {
    if (specifier.startsWith(".")) return [{ from, to: normalize(join(dirname(from), specifier)) }];
    return specifier.startsWith("@fleet/") ? [{ from, to: specifier.slice("@fleet/".length) }] : [];
  });
}

/** The packages that a file imports. */
function packagesOf(file: string): string[] {
  return specifiersOf(file).filter((specifier) => !specifier.startsWith("."));
}

function isPulumi(specifier: string): boolean {
  return specifier.startsWith("@pulumi/");
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}
