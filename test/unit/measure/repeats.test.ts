import assert from "node:assert/strict";
import fc from "fast-check";
import { maximalRepeats, type Repeat } from "../../measure/repeats.js";

/** The repeats of a text's letters, as `abc 0 5`. */
function repeats(text: string, minimum = 3): readonly string[] {
  const symbols = [-1, ...[...text].map((letter) => letter.charCodeAt(0)), -2];
  return maximalRepeats(symbols, minimum).map(({ length, starts: [first = 0, ...further] }) =>
    [text.slice(first - 1, first - 1 + length), first - 1, ...further.map((start) => start - 1)].join(" "),
  );
}

describe("repeats", () => {
  it("are none in nothing, of what occurs once, and of what is too short", () => {
    for (const text of ["", "a", "abcdef", "abxaby"]) assert.deepEqual(repeats(text), []);
  });

  it("are none that overlap themselves", () => {
    assert.deepEqual(repeats("aaaaa"), []);
    assert.deepEqual(repeats("aaaaaa"), ["aaa 0 3"]);
    assert.deepEqual(repeats("abcabca"), ["abc 0 3", "bca 1 4"]);
  });

  it("are as long as they can be, and reported once", () => {
    assert.deepEqual(repeats("abcdeXabcdeY"), ["abcde 0 6"]);
    assert.deepEqual(repeats("XabcYabcZabc"), ["abc 1 5 9"]);
  });

  it("include a shorter run that occurs more often", () => {
    assert.deepEqual(repeats("abcdeXabcdeYbcdZ"), ["bcd 1 7 12", "abcde 0 6"]);
  });

  const symbols = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 }).map((inner) => [-1, ...inner, -2]);
  const text = (all: readonly number[], start: number, length: number) => all.slice(start, start + length).join();

  it("occur at their starts, without overlap", () => {
    fc.assert(
      fc.property(symbols, (all) => {
        for (const { length, starts } of maximalRepeats(all, 3)) {
          assert.ok(length >= 3 && starts.length >= 2);
          assert.equal(new Set(starts.map((start) => text(all, start, length))).size, 1);
          for (const [index, start] of starts.slice(1).entries()) assert.ok(start >= (starts[index] ?? 0) + length);
        }
      }),
    );
  });

  it("include everything that occurs twice without overlap", () => {
    const contains = (all: readonly number[], { starts: [start = 0], length }: Repeat, run: string) =>
      Array.from({ length: length - 2 }, (_, offset) => text(all, start + offset, 3)).includes(run);
    fc.assert(
      fc.property(symbols, (all) => {
        const found = maximalRepeats(all, 3);
        const runs = all.map((_, start) => text(all, start, 3));
        const twice = runs.filter((run, start) => runs.indexOf(run, start + 3) !== -1);
        for (const run of twice)
          assert.ok(
            found.some((repeat) => contains(all, repeat, run)),
            run,
          );
      }),
    );
  });
});
