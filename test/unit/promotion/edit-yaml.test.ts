import assert from "node:assert/strict";
import fc from "fast-check";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { editYaml } from "../../../promotion/edit-yaml.js";
import { lineDifference } from "../../../promotion/line-difference.js";

const commit = "a".repeat(40);
const ref = { path: ["sync", "ref"], value: { commit } };

describe("an edit of a YAML file", () => {
  it("is refused where it would change other lines, and says what to write", () => {
    for (const text of ["sync:   # wide\n    timeout:    5m\n", "sync: {timeout: 5m}\nlimits:    {size: small}\n"]) {
      assert.throws(
        () => editYaml("a.yaml", text, ref),
        (error) => {
          assert.ok(error instanceof FleetError);
          assert.match(
            error.message,
            /^a\.yaml: sync\.ref: has a layout that an edit would change \(".*"\)\. Write it by hand: sync:/,
          );
          return true;
        },
        text,
      );
    }
    assert.throws(() => editYaml("a.yaml", "a: b\n---\nc: d\n", ref), /has more than one document/);
  });

  it("replaces a value in its quotes, and keeps every other character", () => {
    const text = "# Top.\nconfig:\n    fleet:fluxVersion:   'v2.9.1'   # pinned\n    fleet:x: [ 1,2 ]\n";
    const path = ["config", "fleet:fluxVersion"];
    assert.equal(editYaml("p.yaml", text, { path, value: "v2.9.2" }), text.replace("v2.9.1", "v2.9.2"));
    const plain = text.replaceAll("'", "");
    assert.equal(editYaml("p.yaml", plain, { path, value: "v2.9.2" }), plain.replace("v2.9.1", "v2.9.2"));
    assert.equal(editYaml("p.yaml", plain, { path, value: "1" }), plain.replace("v2.9.1", '"1"'));
  });

  it("replaces a value in the document that is meant", () => {
    const text = "name: a\nversion: 1.0.0\n---\n# Second.\nname: b\nversion: 1.0.0\n";
    const isMeant = (data: unknown) => Object(data).name === "b";
    const after = editYaml("m.yaml", text, { path: ["version"], value: "2.0.0", isMeant });
    assert.equal(after, "name: a\nversion: 1.0.0\n---\n# Second.\nname: b\nversion: 2.0.0\n");
  });

  it("adds a map where there is none, and keeps comments and order", () => {
    const text = "# Schema.\nnamespace:\n  labels:\n    a: b\nsync:\n  # Real data.\n  timeout: 10m\n";
    assert.equal(editYaml("a.yaml", text, ref), `${text}  ref:\n    commit: ${commit}\n`);
    const reset = { ...ref, value: { commit, branch: null } };
    assert.equal(editYaml("a.yaml", text, reset), `${text}  ref:\n    commit: ${commit}\n    branch: null\n`);
    for (const flow of ['ports: ["*", 80]\n', "ports: [ 80, 90 ]\nlabels: { a: b }\n"]) {
      assert.equal(editYaml("a.yaml", flow, ref), `${flow}sync:\n  ref:\n    commit: ${commit}\n`);
    }
    const other = "hosts:\n- a\n- b\n";
    assert.equal(editYaml("a.yaml", other, ref), `${other}sync:\n  ref:\n    commit: ${commit}\n`);
  });

  it("adds it to an empty overlay, whatever its comments", () => {
    const added = `sync:\n  ref:\n    commit: ${commit}\n`;
    for (const [text, kept] of [
      ["", ""],
      ["{}\n", ""],
      ["# As in base.\n{}\n", "# As in base.\n"],
      ["# As in base.\n", "# As in base.\n"],
    ] as const) {
      assert.equal(editYaml("a.yaml", text, ref), `${kept}${added}`);
    }
  });
});

describe("the difference of two texts", () => {
  it("has the lines that go and come, with two lines around them", () => {
    const before = "1\n2\n3\n4\n5\n6\n7\n";
    assert.equal(lineDifference("f", before, before.replace("4", "x")), "--- f\n+++ f\n 2\n 3\n-4\n+x\n 5\n 6\n");
    assert.equal(lineDifference("f", "", "1\n"), "--- f\n+++ f\n+1\n");
  });

  it("leads from one text to the other", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 });
    fc.assert(
      fc.property(text, text, (old, now) => {
        const [, , ...lines] = lineDifference("f", old.join("\n"), now.join("\n")).split("\n");
        const of = (mark: string) => lines.filter((line) => line.startsWith(mark)).length;
        assert.equal(old.length - of("-"), now.length - of("+"));
      }),
    );
  });
});
