import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Asks for consent on a terminal. @returns whether the answer is yes. Any other answer is no, and so is an end of the input */
export async function confirm(question: string, input: Readable, output: Writable): Promise<boolean> {
  const reader = createInterface({ input, output });
  // Otherwise, an interrupt would be an error of its own.
  reader.on("SIGINT", () => reader.close());
  const closed = once(reader, "close").then(() => "");
  try {
    const answer = await Promise.race([reader.question(question), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
