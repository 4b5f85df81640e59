import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { readJson, root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";
import { specifiersOf } from "./specifiers.js";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const sources = ourFiles().filter((file) => /\.(?:tsx?|mjs)$/.test(file));
const isSandbox = (file: string) => file.startsWith("sandbox/");

/** A package of the workspace, its manifest, and the files that it consists of. */
const workspace = [
  { name: "the program", file: "package.json", files: sources.filter((file) => !isSandbox(file)) },
  { name: "the sandbox", file: "sandbox/package.json", files: sources.filter(isSandbox) },
].map((one) => ({ ...one, manifest: readJson(one.file) as Manifest }));

describe("npm packages", () => {
  for (const { name, file, files, manifest } of workspace) {
    const listed = { ...manifest.dependencies, ...manifest.devDependencies };

    it(`that ${name} imports are listed in ${file}`, () => {
      const wrong = files.flatMap((from) =>
        packagesOf(from)
          .filter((imported) => !(imported in listed))
          .map((imported) => `${from} imports ${imported}`),
      );
      assert.deepEqual(wrong, []);
    });

    it(`that ${file} lists are used by ${name}`, () => {
      // Commands of the scripts, types, and what a file finds by its path.
      const texts = files.map((from) => readFileSync(join(root, from), "utf8"));
      const commands = ["@biomejs/biome", "typescript", "mocha", "tsx"];
      const unused = Object.keys(listed).filter(
        (one) =>
          !commands.includes(one) &&
          !one.startsWith("@types/") &&
          !texts.some((text) => text.includes(`"${one}"`) || text.includes(`"${one}/`)),
      );
      assert.deepEqual(unused, []);
    });

    it(`are pinned exactly in ${file}`, () => {
      for (const [one, version] of Object.entries(listed)) assert.match(version, /^\d+\.\d+\.\d+$/, one);
    });
  }

  it("have one version in the whole workspace", () => {
    const [program, sandbox] = workspace.map(({ manifest }) => ({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    }));
    const shared = Object.keys(program ?? {}).filter((one) => one in (sandbox ?? {}));
    assert.ok(shared.length > 0);
    for (const one of shared) assert.equal(program?.[one], sandbox?.[one], one);
  });
});

/** The npm packages that a file imports, by name. */
function packagesOf(file: string): string[] {
  return specifiersOf(file)
    .filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}
