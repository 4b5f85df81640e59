import assert from "node:assert/strict";
import { readBody } from "../../../../lib/network/read-body.js";

describe("the body of an answer", () => {
  async function* partsOf(...texts: readonly (string | Uint8Array)[]) {
    for (const text of texts) yield Buffer.from(text);
  }

  it("is whole, with characters that lie in two parts", async () => {
    const bytes = Buffer.from('{"ü":"€"}');
    const parts = [...bytes].map((byte) => Uint8Array.of(byte));
    assert.equal(await readBody(partsOf(...parts)), '{"ü":"€"}');
    assert.equal(await readBody(partsOf()), "");
  });

  it("is refused without an end, and its sender is stopped", async () => {
    let isStopped = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(10);
      } finally {
        isStopped = true;
      }
    }
    await assert.rejects(readBody(endless(), 1000), /^Error: the answer is longer than 1000 bytes$/);
    assert.ok(isStopped);
    assert.equal(await readBody(partsOf("x".repeat(1000)), 1000), "x".repeat(1000));
  });
});
