import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { withProgress } from "../../../../cli/output/progress.js";

describe("withProgress", () => {
  /** A terminal, and the promise of its first text. */
  function terminal(isTTY: boolean) {
    const written: string[] = [];
    const texts = new EventEmitter();
    const first = once(texts, "text");
    const write = (text: string) => {
      written.push(text);
      texts.emit("text");
    };
    return { written, first, isTTY, write };
  }

  it("shows nothing of quick work, and nothing where no person looks", async () => {
    const [person, log] = [terminal(true), terminal(false)];
    assert.equal(await withProgress("Reading", async () => 1, person), 1);
    assert.equal(await withProgress("Reading", async () => 2, log), 2);
    assert.deepEqual([person.written, log.written], [[], []]);
  });

  it("shows what takes over a second, and clears the line, also after an error", async () => {
    const person = terminal(true);
    const work = async () => {
      await person.first;
      throw new Error("no answer");
    };
    await assert.rejects(withProgress("Reading", work, person), /no answer/);
    assert.deepEqual(person.written, ["Reading …", "\r\u001B[K"]);
  });
});
