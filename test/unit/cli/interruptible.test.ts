import assert from "node:assert/strict";
import { interruptible, signals } from "../../../cli/start/tasks.js";

describe("a step that a signal can interrupt", () => {
  const listeners = () => signals.map((signal) => process.listenerCount(signal));

  for (const signal of signals) {
    it(`fails after ${signal}, once its work has ended, whether the work succeeds or fails`, async () => {
      for (const end of [async () => "done", () => Promise.reject(new Error("the engine failed"))]) {
        const seen: string[] = [];
        const work = async () => {
          process.emit(signal, signal);
          seen.push("work goes on");
          return end();
        };
        const running = interruptible(() => seen.push("told"), work);
        await assert.rejects(running, /^JobError: Interrupted\. Run the same command again to continue\.$/);
        assert.deepEqual(seen, ["told", "work goes on"]);
      }
    });
  }

  it("ends as its work does without a signal, and leaves no listener", async () => {
    const before = listeners();
    const never = () => assert.fail("there was no signal");
    await assert.rejects(
      interruptible(never, () => Promise.reject(new Error("as it should"))),
      /as it should/,
    );
    assert.equal(await interruptible(never, async () => 42), 42);
    assert.deepEqual(listeners(), before);
  });
});
