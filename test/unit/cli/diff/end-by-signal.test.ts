import assert from "node:assert/strict";
import { endBySignal, endingSignal, endingSignals } from "../../../../cli/diff/end-by-signal.js";

describe("work that cleans up before a signal ends the process", () => {
  const listeners = () => endingSignals.map((signal) => process.listenerCount(signal));
  let before: readonly number[];
  let ended: NodeJS.Signals[];
  const end = (signal: NodeJS.Signals) => ended.push(signal);
  beforeEach(() => {
    before = listeners();
    ended = [];
  });
  afterEach(() => assert.deepEqual(listeners(), before));

  for (const signal of endingSignals) {
    it(`ends by ${signal} once it has ended, whether it succeeds or fails`, async () => {
      for (const after of [async () => "done", () => Promise.reject(new Error("the recorder ended"))]) {
        const seen: string[] = [];
        const work = async () => {
          process.emit(signal, signal);
          seen.push(`aborted ${endingSignal()?.aborted}, ended by ${ended.length} signals`);
          return after();
        };
        await assert.rejects(endBySignal(work, end), /^JobError: Interrupted\.$/);
        assert.deepEqual(seen, ["aborted true, ended by 0 signals"]);
        assert.deepEqual(ended.splice(0), [signal]);
      }
    });
  }

  it("ends at once by a second signal", async () => {
    const work = async () => {
      process.emit("SIGINT", "SIGINT");
      process.emit("SIGTERM", "SIGTERM");
      assert.deepEqual(ended, ["SIGTERM"]);
    };
    await assert.rejects(endBySignal(work, end), /Interrupted/);
  });

  it("ends as the work does without a signal", async () => {
    await assert.rejects(
      endBySignal(() => Promise.reject(new Error("as it should")), end),
      /as it should/,
    );
    assert.equal(await endBySignal(async () => endingSignal()?.aborted, end), false);
    assert.equal(endingSignal(), undefined);
    assert.deepEqual(ended, []);
  });
});
