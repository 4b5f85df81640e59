import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isSameText,
  markedState,
  markedText,
  maxMarkedCharacters,
  roomFor,
} from "../../../../review/comment/marker.js";

describe("the marker of a text on GitHub", () => {
  const text = "## fleet diff\n\nwith `code` and <details>\n";
  const marked = markedText("diff", text);

  it("is not seen, and stands before the text", () => {
    assert.match(marked, /^<!-- fleet:diff sha256=[0-9a-f]{64} -->\n## fleet diff\n/);
  });

  const others: readonly (readonly [what: string, body: string])[] = [
    ["nothing", ""],
    ["a quotation of it", `> ${marked}`],
    ["a text before it", `See:\n${marked}`],
    ["the marker of another name", markedText("drift", text)],
    ["the marker of a longer name", markedText("diff-2", text)],
    ["the marker's words", "fleet:diff"],
  ];
  for (const [what, body] of others) {
    it(`is not found in ${what}`, () => assert.equal(markedState("diff", body), "unmarked"));
  }

  const edits: readonly (readonly [what: string, body: string])[] = [
    ["a word that is gone", marked.replace("code", "")],
    ["a text behind it", `${marked}\nLooks good to me`],
    ["a text that is empty", marked.split("\n", 1).join("")],
    ["a digest that is gone", marked.replace(/sha256=\w+/, "sha256=")],
    ["a digest of another text", markedText("diff", "another").replace("another", text)],
  ];
  for (const [what, body] of edits) {
    it(`tells an edit: ${what}`, () => assert.equal(markedState("diff", body), "edited"));
  }

  it("takes line ends of GitHub's pages, and white space at the end, for no edit", () => {
    for (const body of [marked, marked.replaceAll("\n", "\r\n"), `${marked}\r\n`, marked.trimEnd()]) {
      assert.equal(markedState("diff", body), "intact");
      assert.ok(isSameText(body, marked));
    }
  });

  it("holds for every text that has room, and for none beyond it", () => {
    const limit = roomFor("diff");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (content) => {
        assert.equal(markedState("diff", markedText("diff", content)), "intact");
      }),
    );
    assert.equal(markedText("diff", "x".repeat(limit)).length, maxMarkedCharacters);
    assert.throws(() => markedText("diff", "x".repeat(limit + 1)), RangeError);
  });

  it("has no name that could end it", () => {
    for (const name of ["", "a -->", "a--b", "-a", "a b", "a>", "ä"]) {
      assert.throws(() => markedText(name, "text"), RangeError, name);
    }
    assert.equal(markedState("drift/prod-eu", markedText("drift/prod-eu", text)), "intact");
  });
});
