import { on } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** Texts that, repeated, leave a careless pattern many ways to read the same: letters, signs, and parts of values. */
const parts = [
  ..."aA1 .-_/:@=~*x,[\t\n\"'\\|>#(",
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
  "a.",
  "a-",
  "a_",
  "a/",
  "/a",
  "a__",
  "a.a-",
  "*.a",
  "1m",
  "1h1",
  "./a",
  "a:1",
  "@a/",
  'a="a",',
  '["a"]',
  "| a ",
  "//",
];

/** Ends at which a text that was fine until then is none any more. */
const ends = ["", "!", "\n", "\u0000", "-", "."];

/** Starts, for patterns that ask for one. */
const starts = ["", "./", "https://", "a.a/", "a@", "@a/", "*.", "Bearer ", "[", '"'];

/** Texts of the length of a value, of which a pattern without end tries every way to read them. */
export const hostileTexts = starts.flatMap((start) =>
  parts.flatMap((part) => ends.map((end) => start + part.repeat(Math.ceil(240 / part.length)) + end)),
);

/** Texts of the length that a tenant's file may have: a pattern that looks twice at each place needs seconds for one. */
export const longTexts = parts.map((part) => `${part.repeat(Math.ceil(60_000 / part.length))}!`);

/** An expression as it is written: `/a/u` has the source `a` and the flags `u`. */
export interface Expression {
  readonly source: string;
  readonly flags: string;
}

const worker = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { expressions, texts } = workerData;
  for (const { source, flags } of expressions) {
    const expression = new RegExp(source, flags.replace(/[gy]/g, ""));
    parentPort.postMessage(texts.filter((text) => expression.test(text)).length);
  }
`;

/**
 * The expressions that do not answer for all hostile texts within a time. A search without end stops no other way than
 * with its thread.
 */
export async function stuckExpressions(expressions: readonly Expression[], limitMs: number): Promise<Expression[]> {
  if (expressions.length === 0) return [];
  const thread = new Worker(worker, { eval: true, workerData: { expressions, texts: hostileTexts } });
  const answers = on(thread, "message");
  try {
    for (const [index, expression] of expressions.entries()) {
      const late = setTimeout(limitMs, true, { ref: false });
      if (await Promise.race([answers.next().then(() => false), late])) {
        return [expression, ...(await stuckExpressions(expressions.slice(index + 1), limitMs))];
      }
    }
    return [];
  } finally {
    await thread.terminate();
  }
}
