import assert from "node:assert/strict";
import fc from "fast-check";
import { type History, inForce, MOST_VALUES, ranFor, withValue } from "../../../promotion/history.js";
import { lengthText } from "../../../promotion/words.js";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

/** The history of values that came into force one after the other. */
function historyOf(...runs: readonly (readonly [hours: number, value: string])[]): History {
  return runs.reduce<History>((history, [hours, value]) => withValue(history, value, start + hours * hour), {});
}

describe("the history of a part", () => {
  it("has never run what is not in it", () => {
    assert.equal(ranFor({}, "a", start), undefined);
    assert.equal(ranFor(historyOf([0, "a"]), "b", start + hour), undefined);
  });

  it("does not grow older after another value took its place", () => {
    const history = historyOf([0, "broken"], [1, "mended"]);
    assert.equal(ranFor(history, "broken", start + 1000 * hour), hour);
    assert.equal(ranFor(history, "mended", start + 11 * hour), 10 * hour);
  });

  it("adds the times of a value that came back", () => {
    const history = historyOf([0, "a"], [5, "b"], [6, "a"]);
    assert.equal(ranFor(history, "a", start + 8 * hour), 7 * hour);
    assert.equal(inForce(history)?.value, "a");
  });

  it("has no negative times where clocks differ, and keeps the order", () => {
    const history = historyOf([5, "a"], [2, "b"]);
    assert.equal(inForce(history)?.value, "b");
    assert.equal(ranFor(history, "b", start), 0);
    assert.equal(ranFor(history, "a", start), 1000);
  });

  it("stays the same object while a value stays in force", () => {
    const history = historyOf([0, "a"]);
    assert.equal(withValue(history, "a", start + hour), history);
  });

  it("keeps the newest values, and with them the one in force", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 40 }), (values) => {
        const history = historyOf(...values.map((value, index) => [index, value] as const));
        assert.equal(inForce(history)?.value, values.at(-1));
        assert.ok(Object.keys(history).length <= MOST_VALUES);
        const now = start + values.length * hour;
        const total = ["a", "b", "c", "d"].reduce((sum, value) => sum + (ranFor(history, value, now) ?? 0), 0);
        assert.ok(total <= values.length * hour);
      }),
    );
  });
});

describe("a length of time in words", () => {
  it("has its two largest units", () => {
    const lengths = [0, 999, 1000, 61_000, hour, 25 * hour + 61_000, 48 * hour];
    assert.deepEqual(lengths.map(lengthText), ["0s", "0s", "1s", "1m 1s", "1h", "1d 1h", "2d"]);
  });
});
