import assert from "node:assert/strict";
import { divideGolden } from "../../support/unit/golden-files.js";

describe("the golden files of stacks", () => {
  it("have once what all stacks share, in the order of the first", () => {
    const stacks = new Map([
      ["dev", [{ a: 1 }, { b: 2 }, { c: 3 }]],
      ["prod", [{ c: 3 }, { b: 4 }, { a: 1 }]],
    ]);
    assert.deepEqual(divideGolden(stacks), { base: [{ a: 1 }, { c: 3 }], dev: [{ b: 2 }], prod: [{ b: 4 }] });
  });

  it("keep with each stack what only some of them share", () => {
    const stacks = new Map([
      ["dev", ["a"]],
      ["prod", ["a"]],
      ["test", ["b"]],
    ]);
    assert.deepEqual(divideGolden(stacks), { dev: ["a"], prod: ["a"], test: ["b"] });
  });

  it("leave a single stack all that it has", () => {
    assert.deepEqual(divideGolden(new Map([["dev", ["a"]]])), { dev: ["a"] });
  });

  it("are none without a stack", () => {
    assert.deepEqual(divideGolden(new Map()), {});
  });
});
