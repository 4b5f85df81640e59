import assert from "node:assert/strict";
import { median } from "../../bench/median.js";

describe("a median", () => {
  it("is no number when there is no value", () => {
    assert.ok(Number.isNaN(median([])));
  });

  it("is the middle value, or the mean of the two in the middle, in whatever order", () => {
    assert.equal(median([3]), 3);
    assert.equal(median([9, 1, 2]), 2);
    assert.equal(median([4, 100, 1, 2]), 3);
  });
});
