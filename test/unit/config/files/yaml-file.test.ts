import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml, readYamlFile } from "../../../../config/files/yaml-file.js";

describe("a YAML file", () => {
  let root = "";
  before(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-yaml-"));
  });
  after(() => rmSync(root, { recursive: true }));

  it("is read anew when its content changes, also within a moment and with the same length", () => {
    const path = join(root, "a.yaml");
    writeFileSync(path, "size: 1\n");
    const { atime, mtime } = statSync(path);
    assert.deepEqual(readYamlFile(root, "a.yaml").data, { size: 1 });
    writeFileSync(path, "size: 2\n");
    utimesSync(path, atime, mtime);
    assert.deepEqual(readYamlFile(root, "a.yaml").data, { size: 2 });
    writeFileSync(path, "size: 1\n");
    assert.deepEqual(readYamlFile(root, "a.yaml").data, { size: 1 });
  });

  it("is parsed once for all stacks, and keeps its own name among files of the same content", () => {
    for (const name of ["b.yaml", "c.yaml"]) writeFileSync(join(root, name), "size: [\n");
    const [first, second, other] = ["b.yaml", "b.yaml", "c.yaml"].map((name) => readYamlFile(root, name));
    assert.equal(second, first);
    assert.equal(first?.problems[0]?.file, "b.yaml");
    assert.equal(other?.problems[0]?.file, "c.yaml");
  });

  it("cannot be changed by one of its readers", () => {
    const { data, problems } = parseYaml("d.yaml", "list: [{name: a}]\nlist: []\n");
    assert.equal(problems.length, 1);
    for (const shared of [data, (data as { readonly list: object }).list, problems, problems[0]]) {
      assert.ok(Object.isFrozen(shared));
    }
  });
});
