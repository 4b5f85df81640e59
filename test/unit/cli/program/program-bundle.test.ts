import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../../../cli/checkout.js";
import { Cache } from "../../../../cli/program/cache.mjs";
import { moduleScript } from "../../../../cli/program/compiled.mjs";
import { programBundle } from "../../../../cli/program/program-bundle.mjs";

describe("the kept bundle of a revision", () => {
  let folder: string;
  let kept: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "fleet-bundle-")));
    kept = join(folder, "kept");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A revision whose program is two files. */
  function revision(name: string, answer: string): string {
    const root = join(folder, name);
    mkdirSync(join(root, "lib"), { recursive: true });
    writeFileSync(
      join(root, "lib/main.ts"),
      'import { answer } from "./answer.js";\nexport const run = () => answer;\n',
    );
    writeFileSync(join(root, "lib/answer.ts"), `export const answer = ${answer};\n`);
    return root;
  }

  const bundleOf = (root: string) =>
    programBundle({ root, entry: "lib/main.ts", home: checkout, isPrivate: true }, new Cache(kept));
  const keptCode = () => readdirSync(kept).filter((name) => name.endsWith(".code"));

  it("is that of its own content, whatever revisions were bundled before", async () => {
    const [base, head] = [revision("base", "1"), revision("head", "2")];
    for (const [root, text] of [
      [base, "answer = 1"],
      [head, "answer = 2"],
      [base, "answer = 1"],
    ] as const) {
      const { code } = await bundleOf(root);
      assert.ok(code.includes(text), code);
    }
    assert.equal(keptCode().length, 2);
  });

  it("serves a copy with the same content, in another folder, and no other", async () => {
    await bundleOf(revision("base", "1"));
    const [name] = keptCode();
    new Cache(kept).write(name ?? "", "the kept one");
    cpSync(join(folder, "base"), join(folder, "copy"), { recursive: true });
    assert.equal((await bundleOf(join(folder, "copy"))).code, "the kept one");
    writeFileSync(join(folder, "copy/lib/answer.ts"), "export const answer = 3;\n");
    assert.ok((await bundleOf(join(folder, "copy"))).code.includes("answer = 3"));
  });

  it("serves two revisions in turn whose files differ in number", async () => {
    const [base, head] = [revision("base", "1"), revision("head", "2")];
    writeFileSync(join(head, "lib/answer.ts"), 'export { two as answer } from "./two.js";\n');
    writeFileSync(join(head, "lib/two.ts"), "export const two = 2;\n");
    await Promise.all([bundleOf(base), bundleOf(head)]);
    await bundleOf(base);
    const files = keptCode();
    for (const name of files) new Cache(kept).write(name, "the kept one");
    assert.deepEqual(await Promise.all([base, head, base].map(async (root) => (await bundleOf(root)).code)), [
      "the kept one",
      "the kept one",
      "the kept one",
    ]);
  });

  it("is made each time where nothing can be kept", async () => {
    writeFileSync(kept, "in the way");
    const root = revision("base", "1");
    for (const _ of [1, 2]) assert.ok((await bundleOf(root)).code.includes("answer = 1"));
  });

  it("tells each module its own place in the copy that runs, and that of a linked package behind the link", async () => {
    const text = `import { join } from "node:path";
export const place = () => [import.meta.dirname, import.meta.filename, import.meta.url, join("import.meta.dirname")];
`;
    const linked = join(folder, "linked");
    mkdirSync(linked);
    writeFileSync(join(linked, "place.ts"), text);
    for (const name of ["base", "copy"]) {
      const root = revision(name, "1");
      mkdirSync(join(root, "node_modules"));
      symlinkSync(linked, join(root, "node_modules/linked"));
      writeFileSync(join(root, "lib/answer.ts"), text);
      writeFileSync(
        join(root, "lib/main.ts"),
        'import { place as behind } from "linked/place.ts";\nimport { place } from "./answer.js";\nexport const run = () => [place(), behind()];\n',
      );
      const { code } = await bundleOf(root);
      const module = { exports: {} as { run(): unknown } };
      moduleScript("bundle", code).runInThisContext()(module.exports, createRequire(root), module, "bundle", root);
      assert.deepEqual(
        module.exports.run(),
        [join(root, "lib"), linked].map((dir, index) => {
          const file = join(dir, index === 0 ? "answer.ts" : "place.ts");
          return [dir, file, pathToFileURL(file).href, "import.meta.dirname"];
        }),
      );
    }
    assert.equal(keptCode().length, 1);
  });

  it("loads no module of Node for whose use Node prints a warning", async () => {
    const cache = new Cache(join(checkout, "node_modules/.cache/fleet/command"));
    const { code, files } = await programBundle({ root: checkout, entry: "cli/fleet.ts", home: checkout }, cache);
    assert.match(code, /require\("node-fetch"\)/);
    assert.doesNotMatch(code, /require\("(node:)?punycode"\)/);
    // The package's own code calls it by another name.
    assert.ok(!files.some((file) => file.includes("/node-fetch/")));
  });

  it("has no import() of a package, which a kept script could not run", async () => {
    const root = revision("base", "1");
    writeFileSync(join(root, "lib/main.ts"), 'export const run = () => import("undici");\n');
    const { code } = await bundleOf(root);
    assert.match(code, /require\("undici"\)/);
    assert.doesNotMatch(code, /\bimport\(/);
  });
});
