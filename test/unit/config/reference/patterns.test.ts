import assert from "node:assert/strict";
import { jsonSchemaOf } from "../../../../config/reference/field-tables.js";
import { jsonSchemas } from "../../../../config/reference/write.js";
import { stackConfig } from "../../../../config/stack/schema.js";
import { stuckExpressions } from "../../../support/unit/backtracking.js";

/** Every `pattern` of a JSON Schema, and of what is in it. */
function patternsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "pattern" in schema && typeof schema.pattern === "string" ? [schema.pattern] : [];
  return [...own, ...Object.values(schema).flatMap(patternsIn)];
}

const published = [...new Set(Object.values(jsonSchemas()).flatMap((text) => patternsIn(JSON.parse(text))))];

/** Every schema with a pattern, and what editors show in its place. */
function hintsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const hint = "patternErrorMessage" in schema ? String(schema.patternErrorMessage) : "";
  return [
    ...("pattern" in schema && typeof schema.pattern === "string" ? [hint] : []),
    ...Object.values(schema).flatMap(hintsIn),
  ];
}

const unicode = (pattern: string) => ({ source: pattern, flags: "u" });

describe("the patterns of the JSON Schemas", () => {
  it("have words that editors show in their place", () => {
    const hints = Object.values(jsonSchemas()).flatMap((text) => hintsIn(JSON.parse(text)));
    assert.ok(hints.length > published.length);
    assert.deepEqual(
      hints.filter((hint) => !/^Not .*\.$/.test(hint)),
      [],
    );
  });

  it("find out that a hostile text is none of theirs without trying every way to read it", async function () {
    this.timeout(120_000);
    assert.ok(published.length > 20);
    assert.deepEqual(await stuckExpressions(published.map(unicode), 20_000), []);
  });

  it("do so in a stack's settings too, which no JSON Schema is published of", async function () {
    this.timeout(120_000);
    const settings = [...new Set(patternsIn(jsonSchemaOf(stackConfig)))];
    assert.ok(settings.length > 10);
    assert.deepEqual(await stuckExpressions(settings.map(unicode), 20_000), []);
  });

  it("would be caught if one had two readings of the same text", async () => {
    const careless = unicode("^(=?\\s*[0-9]+[\\s,]*)*$");
    assert.deepEqual(await stuckExpressions([unicode("^a"), careless, unicode("b$")], 1000), [careless]);
  });
});
