import assert from "node:assert/strict";
import { sideBySide } from "../../support/runner/side-by-side.js";

/** Tasks that end when they are told to, and what became of them. */
function tasks(count: number) {
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const list = Array.from({ length: count }, (_, index) => () => {
    begun.push(index);
    return new Promise<number>((resolve, reject) => {
      ends[index] = (error) => (error === undefined ? resolve(index) : reject(error));
    });
  });
  return { list, begun, end: (index: number, error?: Error) => ends[index]?.(error) };
}
/** Lets everything go on that can. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("sideBySide", () => {
  it("has as many at a time as it may, begins the next when one ends, and keeps their order", async () => {
    const { list, begun, end } = tasks(4);
    const all = sideBySide(2, list);
    await turn();
    assert.deepEqual(begun, [0, 1]);
    end(1);
    await turn();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const index of [2, 0]) end(index);
    await turn();
    end(3);
    assert.deepEqual(await all, [0, 1, 2, 3]);
  });

  it("begins nothing more when it shall not go on, and answers with what was done", async () => {
    const { list, begun, end } = tasks(3);
    let goOn = true;
    const all = sideBySide(1, list, () => goOn);
    await turn();
    goOn = false;
    end(0);
    assert.deepEqual(await all, [0]);
    assert.deepEqual(begun, [0]);
  });

  it("fails when one fails, but not before all have ended", async () => {
    const { list, begun, end } = tasks(3);
    let over = false;
    const all = sideBySide(2, list).finally(() => {
      over = true;
    });
    const outcome = assert.rejects(all, /broken/);
    await turn();
    end(0, new Error("broken"));
    end(1);
    await turn();
    assert.deepEqual([begun, over], [[0, 1, 2], false]);
    end(2);
    await outcome;
  });

  it("has nothing to do with nothing", async () => {
    assert.deepEqual(await sideBySide(2, []), []);
  });
});
