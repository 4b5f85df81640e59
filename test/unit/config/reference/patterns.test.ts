import assert from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { jsonSchemas } from "../../../../config/reference/write.js";

/** Every `pattern` of a JSON Schema, and of what is in it. */
function patternsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "pattern" in schema && typeof schema.pattern === "string" ? [schema.pattern] : [];
  return [...own, ...Object.values(schema).flatMap(patternsIn)];
}

const published = [...new Set(Object.values(jsonSchemas()).flatMap((text) => patternsIn(JSON.parse(text))))];

/** Texts that, repeated, leave a careless pattern many ways to read the same: letters, signs, and parts of values. */
const parts = [
  ..."aA1 .-_/:@=~*x,[\t",
  "1 ",
  "1  ",
  "=1 ",
  ">=1 ",
  "1,",
  "1, ",
  "1 - ",
  "1 || ",
  "1.1",
  "1.1-a",
  "1+a ",
];
const repeated = [...parts, "a.", "a-", "a_", "a/", "/a", "a__", "a.a-", "*.a", "1m", "1h1", "./a", "a:1", "@a/"];

/** Ends at which a text that was fine until then is none any more. */
const ends = ["", "!", "\n", "\u0000", "-", "."];

/** Starts, for patterns that ask for one. */
const starts = ["", "./", "https://", "a.a/", "a@", "@a/", "*."];

const source = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { pattern, texts } = workerData;
  const expression = new RegExp(pattern, "u");
  parentPort.postMessage(texts.filter((text) => expression.test(text)).length);
`;

/** Whether an expression answers for all texts: a search without end stops no other way than with its thread. */
async function answers(pattern: string, texts: readonly string[], limitMs: number): Promise<boolean> {
  const worker = new Worker(source, { eval: true, workerData: { pattern, texts } });
  const timer = AbortSignal.timeout(limitMs);
  try {
    await once(worker, "message", { signal: timer });
    return true;
  } catch (error) {
    if (timer.aborted) return false;
    throw error;
  } finally {
    await worker.terminate();
  }
}

const hostile = starts.flatMap((start) =>
  repeated.flatMap((part) => ends.map((end) => start + part.repeat(Math.ceil(240 / part.length)) + end)),
);

/** Every schema with a pattern, and what editors show in its place. */
function hintsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const hint = "patternErrorMessage" in schema ? String(schema.patternErrorMessage) : "";
  return [
    ...("pattern" in schema && typeof schema.pattern === "string" ? [hint] : []),
    ...Object.values(schema).flatMap(hintsIn),
  ];
}

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
    const stuck: string[] = [];
    for (const pattern of published) if (!(await answers(pattern, hostile, 20_000))) stuck.push(pattern);
    assert.deepEqual(stuck, []);
  });

  it("would be caught if one had two readings of the same text", async () => {
    assert.equal(await answers("^(=?\\s*[0-9]+[\\s,]*)*$", hostile, 1000), false);
  });
});
