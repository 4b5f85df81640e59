import assert from "node:assert/strict";
import { deepFreeze } from "../../../../lib/data/freeze.js";

describe("deepFreeze", () => {
  it("freezes plain data at every depth, and returns it", () => {
    const data = { list: [{ name: "a" }], nothing: null };
    assert.equal(deepFreeze(data), data);
    for (const part of [data, data.list, data.list[0]]) assert.ok(Object.isFrozen(part));
  });

  it("takes data that nests deeper than calls can", () => {
    let nested: unknown[] = [];
    for (let level = 0; level < 200_000; level += 1) nested = [nested];
    assert.ok(Object.isFrozen(deepFreeze(nested)));
  });

  it("takes data that contains itself", () => {
    const data: { self?: object } = {};
    data.self = data;
    assert.ok(Object.isFrozen(deepFreeze(data)));
  });

  it("leaves bytes as they are, which cannot be frozen", () => {
    const data = { bytes: Buffer.from("a"), after: { a: 1 } };
    deepFreeze(data);
    assert.ok(Object.isFrozen(data.after));
    assert.equal(data.bytes.toString(), "a");
  });
});
