import assert from "node:assert/strict";
import { isSameNode, nodeKey } from "../../../../lib/github/node-id.js";

/** Ids of one object in both forms. Team 9709063 belongs to the organisation 81260024. */
const pairs = [
  ["MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "R_kgDOABPHjQ", "Repository 1296269"],
  ["MDQ6VGVhbTk3MDkwNjM=", "T_kwDOBNft-M4AlCYH", "Team 9709063"],
] as const;

describe("isSameNode", () => {
  it("tells ids of two objects apart, in either form", () => {
    assert.equal(isSameNode("MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "R_kgDOABPHjg"), false);
    assert.equal(isSameNode("R_kgDOABPHjQ", "R_kgDOABPHjg"), false);
    assert.equal(isSameNode("MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "MDEwOlJlcG9zaXRvcnkxMjk2MjYw"), false);
    assert.equal(isSameNode("R_kgDOABPHjQ", undefined), false);
  });

  it("tells kinds apart: a team may have the number of a repository", () => {
    assert.equal(isSameNode("MDQ6VGVhbTEyOTYyNjk=", "R_kgDOABPHjQ"), false);
  });

  it("knows one object by both forms", () => {
    for (const [older, newer] of pairs) assert.equal(isSameNode(older, newer), true);
    assert.equal(isSameNode(undefined, undefined), true);
  });

  it("compares ids that hold no number as texts", () => {
    for (const id of [
      "R_platform",
      "R_",
      "R_kgDOABPH",
      "R_kgDOABPHjQAB",
      "X_kgDOABPHjQ",
      "R_kwDOABPHjQ",
      "id of web",
      "",
    ]) {
      assert.equal(nodeKey(id), id);
      assert.equal(isSameNode(id, `${id}A`), false, id);
      assert.equal(isSameNode(id, id), true);
    }
  });
});

describe("nodeKey", () => {
  it("has the kind and the number", () => {
    for (const [older, newer, key] of pairs) assert.deepEqual([nodeKey(older), nodeKey(newer)], [key, key]);
    assert.deepEqual(
      ["R_kgAB", "R_kgDMyA", "R_kgDNAQA"].map(nodeKey),
      [1, 200, 256].map((id) => `Repository ${id}`),
    );
  });
});
