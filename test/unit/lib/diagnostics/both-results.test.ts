import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { bothResults } from "../../../../lib/diagnostics/both-results.js";

describe("two tasks at the same time", () => {
  const fail = async (message: string, turns = 0): Promise<never> => {
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    throw new Error(message);
  };

  it("return both results", async () => {
    assert.deepEqual(await bothResults(Promise.resolve(1), Promise.resolve("b")), [1, "b"]);
  });

  it("fail with the error of the first one, though the second one fails earlier", async () => {
    await assert.rejects(bothResults(fail("first", 3), fail("second")), /^Error: first$/);
    await assert.rejects(bothResults(fail("first"), fail("second", 3)), /^Error: first$/);
  });

  it("fail with the error of the second one when the first one succeeds", async () => {
    await assert.rejects(bothResults(Promise.resolve(1), fail("second")), /^Error: second$/);
  });

  it("have ended when one of them fails", async () => {
    let hasEnded = false;
    const slow = (async () => {
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
      hasEnded = true;
    })();
    await assert.rejects(bothResults(fail("first"), slow), /first/);
    assert.ok(hasEnded);
  });
});
