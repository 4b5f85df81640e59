import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { withBundlingNotice } from "../../../../cli/program/bundling-notice.mjs";

describe("the notice of a bundle", () => {
  it("is not shown of quick work, and not where no person looks", async () => {
    const written: string[] = [];
    for (const isTTY of [true, false]) {
      const terminal = { isTTY, write: (text: string) => written.push(text) };
      assert.equal(await withBundlingNotice(async () => 1, terminal), 1);
    }
    assert.deepEqual(written, []);
  });

  it("shows after a second what the command waits for, and clears the line, also after an error", async () => {
    const written: string[] = [];
    const ended = new EventEmitter();
    const write = (text: string) => {
      written.push(text);
      ended.emit("error", new Error("a syntax error"));
    };
    const work = async () => void (await once(ended, "done"));
    await assert.rejects(withBundlingNotice(work, { isTTY: true, write }), /a syntax error/);
    assert.deepEqual(written, ["Bundling fleet, once after each change of its code …", "\r\u001B[K"]);
  });
});
