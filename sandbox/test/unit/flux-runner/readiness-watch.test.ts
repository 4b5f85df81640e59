import assert from "node:assert/strict";
import { watchReadiness } from "../../../flux-runner/readiness-watch.js";

describe("the readiness of a process", () => {
  /** The reports while the given answers come, one after the other. */
  async function told(answers: boolean[], failures: number): Promise<boolean[]> {
    const gone = new AbortController();
    const said: boolean[] = [];
    await watchReadiness({
      probe: { period: 1, failures },
      ask: async () => {
        const answer = answers.shift() ?? false;
        if (answers.length === 0) gone.abort();
        return answer;
      },
      tell: async (ready) => {
        said.push(ready);
      },
      gone: gone.signal,
      eager: 1,
    });
    return said;
  }

  it("is not lost by one failure, only by as many in a row as the probe says", async () => {
    assert.deepEqual(await told([true, false, false, true, false, false, true, true], 3), [false, true]);
    assert.deepEqual(await told([true, false, false, false, false], 3), [false, true, false]);
  });

  it("comes back with the first success", async () => {
    assert.deepEqual(await told([true, false, true, true], 1), [false, true, false, true]);
  });

  it("is never told of a process that is gone", async () => {
    assert.deepEqual(await told([false, true], 3), [false]);
  });

  it("needs no probe", async () => {
    const said: boolean[] = [];
    const tell = async (ready: boolean) => {
      said.push(ready);
    };
    const ask = () => assert.fail("asked");
    await watchReadiness({ probe: undefined, ask, tell, gone: new AbortController().signal });
    assert.deepEqual(said, [true]);
  });
});
