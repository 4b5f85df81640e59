import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { exportLines, shellQuote } from "../../../lib/shell-quote.js";

/** The text that a POSIX shell reads from one word. */
function readByShell(word: string): string {
  return execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" });
}

describe("shellQuote", () => {
  for (const text of ["it's", "'", "''", "$(id)", "`id`", "a b", "", "a\nb", "\\", '"', "$HOME", "-n", "!!", "ä€😀"]) {
    it(`gives the shell ${JSON.stringify(text)} as it is, running nothing`, () => {
      assert.equal(readByShell(shellQuote(text)), text);
    });
  }

  it("refuses what no environment can hold, instead of cutting it short", () => {
    assert.throws(() => shellQuote("a\0b"), /NUL/);
  });

  it("survives whatever a path or token consists of", () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(text, (value) => readByShell(shellQuote(value)) === value),
      { numRuns: 30 },
    );
  });
});

describe("exportLines", () => {
  it("refuses a name that would be more than a name", () => {
    assert.throws(() => exportLines({ "A;id": "x" }), /cannot name a variable/);
  });

  it("sets exactly the variables, values untouched", () => {
    const script = `${exportLines({ FIRST: "it's $HOME", SECOND: "b c" })}printf '%s|%s' "$FIRST" "$SECOND"`;
    assert.equal(execFileSync("sh", ["-c", script], { encoding: "utf8" }), "it's $HOME|b c");
  });
});
