import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filledTemplates, isIgnored, readChartFiles, withRelease } from "../../../toolchain/chart-files.js";

describe("the files of a chart", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-chart-"));
    for (const [path, text] of Object.entries({
      ".helmignore": "# tests\ntests/\n*.tmpl.*\n\nnotes/private.txt\n",
      "Chart.yaml":
        "name: shop\nversion: v0.0.0\nappVersion: latest # set by the release\ndependencies:\n  - version: 1\n",
      "values.tmpl.yaml": "image: \u0024{Image}\nother: $Image\n",
      "templates/a.yaml": "a",
      "templates/tests/b.yaml": "b",
      "notes/private.txt": "c",
      "notes/public.txt": "d",
      signkey: "e",
    })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  after(() => rm(folder, { recursive: true }));

  it("are those of its folder without what .helmignore and the recipe leave out", async () => {
    const files = await readChartFiles(folder, ["signkey"]);
    assert.deepEqual([...files.keys()].sort(), ["Chart.yaml", "notes/public.txt", "templates/a.yaml"]);
  });

  it("need a value for each variable of a template", async () => {
    await assert.rejects(filledTemplates(folder, { Other: "x" }), /values\.tmpl\.yaml has the variable \$\{Image\}/);
    const filled = await filledTemplates(folder, { Image: "shop:v1" });
    assert.deepEqual(
      [...filled].map(([path, content]) => [path, content.toString()]),
      [["values.yaml", "image: shop:v1\nother: $Image\n"]],
    );
  });

  it("have the versions of the release in Chart.yaml, and those of its dependencies stay", async () => {
    const source = (await readChartFiles(folder)).get("Chart.yaml") ?? Buffer.alloc(0);
    const text = withRelease(source, { version: "v1.0.0", appVersion: "v2.0.0" }).toString();
    assert.equal(text, "name: shop\nversion: v1.0.0\nappVersion: v2.0.0\ndependencies:\n  - version: 1\n");
  });

  it("are left out by name, folder or path, as Helm reads its patterns", () => {
    assert.ok(isIgnored("a/b/tests/c", ["tests/"]));
    assert.ok(!isIgnored("tests", ["tests/"]), "a file is no folder");
    assert.ok(isIgnored("a/x.swp", ["*.swp"]));
    assert.ok(!isIgnored("a/xswp", ["*.swp"]));
    assert.ok(isIgnored("a/b.txt", ["a/b.txt"]));
    assert.ok(!isIgnored("c/a/b.txt", ["a/b.txt"]));
  });
});
