import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { streamsOf } from "../../../cli/streams.js";

/** A stream whose writes fail. */
function broken(code: string) {
  let writes = 0;
  const stream = new Writable({
    autoDestroy: false,
    write: (_chunk, _encoding, done) => {
      writes += 1;
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
  return { stream, writes: () => writes };
}

describe("the streams of a command", () => {
  it("write no more once the reader has gone, without an error", async () => {
    const pipe = broken("EPIPE");
    const { out, isClosed } = streamsOf(pipe.stream, new PassThrough());
    assert.equal(isClosed?.(), false);
    const failed = once(pipe.stream, "close").catch((error: NodeJS.ErrnoException) => error.code);
    out("one\n");
    assert.equal(await failed, "EPIPE");
    assert.equal(isClosed?.(), true);
    out("two\n");
    assert.equal(pipe.writes(), 1);
  });

  it("hide no other error", () => {
    const disk = new PassThrough();
    streamsOf(disk, new PassThrough()).out("one\n");
    const full = Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" });
    assert.throws(() => disk.emit("error", full), /ENOSPC/);
  });
});
