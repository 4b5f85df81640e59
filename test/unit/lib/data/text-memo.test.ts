import assert from "node:assert/strict";
import fc from "fast-check";
import { TextMemo } from "../../../../lib/data/text-memo.js";

describe("a memo of texts", () => {
  /** A memo, and the texts that were read for it. */
  const counted = (most?: number) => {
    const memo = new TextMemo<{ readonly text: string }>(most);
    const read: string[] = [];
    const get = (...texts: string[]) =>
      memo.get(texts, () => {
        read.push(texts.join("|"));
        return { text: texts.join("|") };
      });
    return { get, read };
  };

  it("reads the same texts once, and every other text anew", () => {
    const { get, read } = counted();
    assert.equal(get("a.yaml", "x: 1"), get("a.yaml", "x: 1"));
    assert.deepEqual(read, ["a.yaml|x: 1"]);
    // The same file with another content, and the same content in another file.
    assert.equal(get("a.yaml", "x: 2").text, "a.yaml|x: 2");
    assert.equal(get("b.yaml", "x: 1").text, "b.yaml|x: 1");
    assert.deepEqual(read, ["a.yaml|x: 1", "a.yaml|x: 2", "b.yaml|x: 1"]);
  });

  it("freezes what it shares, at every depth", () => {
    const memo = new TextMemo<{ readonly list: { name: string }[] }>();
    const { list } = memo.get(["a"], () => ({ list: [{ name: "x" }] }));
    assert.throws(() => list.push({ name: "y" }), TypeError);
    assert.throws(() => Object.assign(list[0] ?? {}, { name: "y" }), TypeError);
  });

  it("keeps nothing of a read that fails", () => {
    const memo = new TextMemo<object>();
    const fail = () => {
      throw new Error("broken");
    };
    assert.throws(() => memo.get(["a"], fail), /broken/);
    assert.deepEqual(
      memo.get(["a"], () => ({ read: true })),
      { read: true },
    );
  });

  it("forgets the oldest texts, and never has more characters than it may", () => {
    const { get, read } = counted(10);
    for (const text of ["aaaa", "bbbb", "cccc"]) get(text);
    get("cccc");
    get("bbbb");
    assert.deepEqual(read, ["aaaa", "bbbb", "cccc"]);
    get("aaaa");
    assert.deepEqual(read.slice(3), ["aaaa"]);
    // One that is too long for the memo is not kept, and pushes out no other.
    get("d".repeat(11));
    get("d".repeat(11));
    assert.equal(read.length, 6);
    for (const text of ["aaaa", "cccc"]) get(text);
    assert.equal(read.length, 6);
  });

  it("returns what a function without a memo returns, for any calls", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), fc.integer({ min: 0, max: 20 }), (calls, most) => {
        const { get } = counted(most);
        for (const [file, content] of calls) assert.equal(get(file, content).text, `${file}|${content}`);
      }),
    );
  });
});
