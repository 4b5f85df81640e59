import assert from "node:assert/strict";
import { missingVariables, readSubstitutions } from "../../../../config/platform/substitution.js";
import { dollars } from "../../../support/unit/platform-files.js";

const read = (text: string) => readSubstitutions(dollars(text));
const missing = (text: string, ...known: string[]) =>
  missingVariables(read(text).found, new Set(known)).map(({ name }) => name);

describe("variables in a text", () => {
  for (const [text, names] of [
    ["region", []],
    ["$region", []],
    ["$@{region}", []],
    ["$$@{region}", ["region"]],
    ["cost: 5$", []],
    ["a @{one} and @{two}@{one}", ["one", "two", "one"]],
    ["@{region:=eu-central-1}", []],
    ["@{region:-eu-central-1}", []],
    ["@{region=eu-central-1}", []],
    ["@{region:=}", []],
    ["@{region:=@{fallback}}", ["fallback"]],
    ["@{region:=@{fallback:=eu}-central-1}", []],
    // Flux would put the message in the place of the value.
    ["@{region:?must be set}", ["region"]],
    ["@{#region}", ["region"]],
    ["@{region^^}@{region,}", ["region", "region"]],
    ["@{region:0:2}@{region/eu/us}@{region%-1}@{region##*-}", ["region", "region", "region", "region"]],
  ] as const) {
    it(`without values in ${JSON.stringify(text)}: ${names.join(", ") || "none"}`, () => {
      assert.deepEqual(missing(text), names);
      assert.equal(read(text).fault, undefined);
      assert.deepEqual(missing(text, "region", "one", "two", "fallback"), []);
    });
  }

  it("count within a default only when the default does", () => {
    assert.deepEqual(missing("@{region:=@{fallback}}", "region"), []);
    assert.deepEqual(missing("@{region/x/@{other}}", "region"), ["other"]);
  });

  it("are found where they start", () => {
    assert.deepEqual(
      read("$@{a} @{b:=@{c}}").found.map(({ offset, inner }) => [offset, inner[0]?.offset]),
      [[6, 11]],
    );
  });

  for (const text of [
    "@{}",
    "@{ region }",
    "@{a.b}",
    "@{region",
    "@{region:=x",
    "@{a-b}",
    "@{region^^^}",
    "@{region:}",
    "@{region#}",
    "@{region/eu}",
    "x @{{ y }}",
  ]) {
    it(`are none that Flux can read in ${JSON.stringify(text)}`, () => {
      assert.equal(read(text).fault, text.indexOf("@{"));
    });
  }
});
