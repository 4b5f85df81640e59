import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { fewAtATime } from "../../../../cli/cluster/few-at-a-time.js";

describe("a few questions at a time", () => {
  /** Questions that a test answers itself. */
  function asked(count: number, most: number) {
    const open = new Map<
      number,
      { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }
    >();
    const begun: number[] = [];
    const all = fewAtATime(
      Array.from({ length: count }, (_, index) => index),
      (index) => {
        begun.push(index);
        return new Promise<string>((resolve, reject) => open.set(index, { resolve, reject }));
      },
      most,
    );
    return { open, begun, all };
  }

  it("keeps as many open as it may, and the order of the questions, whatever answers first", async () => {
    const counts = { count: fc.integer({ min: 0, max: 30 }), most: fc.integer({ min: 1, max: 8 }) };
    await fc.assert(
      fc.asyncProperty(fc.record({ ...counts, picks: fc.infiniteStream(fc.nat()) }), async ({ count, most, picks }) => {
        const { open, begun, all } = asked(count, most);
        for (let left = count; left > 0; left -= 1) {
          await nextTurn();
          assert.equal(open.size, Math.min(most, left));
          const { value: pick } = picks.next();
          const [index, { resolve }] = [...open][(pick ?? 0) % open.size] ?? assert.fail("nothing is open");
          open.delete(index);
          resolve(`answer ${index}`);
        }
        const indexes = Array.from({ length: count }, (_, index) => index);
        assert.deepEqual([await all, begun], [indexes.map((index) => `answer ${index}`), indexes]);
      }),
      { numRuns: 50 },
    );
  });

  it("begins no further question after an error", async () => {
    const { open, begun, all } = asked(10, 3);
    open.get(1)?.reject(new Error("refused"));
    await assert.rejects(all, /refused/);
    for (const index of [0, 2]) open.get(index)?.resolve("late");
    await nextTurn();
    assert.deepEqual(begun, [0, 1, 2]);
  });
});
