import { lstatSync, readFileSync } from "node:fs";
import { z } from "zod";
import { stackName } from "../../config/rules/names.js";
import { type ReviewDocument, sectionNames } from "../../review/document/document.js";
import { effectWords } from "../../review/document/wording.js";
import type { Phrase } from "../../review/phrase.js";
import { JobError } from "../explain.js";

/** Bytes of a file that is read. `fleet diff` writes 65,000 characters at most, each of up to four bytes. */
const mostBytes = 300_000;

const line = z.string().max(20_000);
const name = z
  .string()
  .max(253)
  .refine((text) => stackName.check(text) === undefined, "is no name of a stack");
const effects = Object.keys(effectWords) as (keyof typeof effectWords)[];
const count = z.number().int().min(0).max(1_000_000);

const document = z.object({
  base: z.string().max(300),
  head: z.string().max(300),
  stacks: z.array(name).max(1000),
  notes: z.array(line).max(1000),
  entries: z
    .array(
      z.object({
        section: z.enum(sectionNames),
        effect: z.enum(effects).exactOptional(),
        sentence: line,
        targets: z.array(z.object({ stack: name, tenant: z.string().max(253).exactOptional() })).max(10_000),
        details: z.array(line).max(10_000),
        fields: z
          .array(
            z.object({
              path: line,
              before: z.string().max(mostBytes).exactOptional(),
              after: z.string().max(mostBytes).exactOptional(),
            }),
          )
          .max(10_000),
      }),
    )
    .max(10_000),
  cuts: z.array(z.object({ section: z.enum(sectionNames), entries: count, folded: count })).max(sectionNames.length),
});

/**
 * Reads a document that `fleet diff --output json` wrote, as data of an untrusted run: it may be of any size and content.
 * @throws JobError for a file that is none
 */
export function readReviewFile(file: string): ReviewDocument {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new JobError(`${file} is no file.`);
  if (found.size === 0) throw new JobError(`${file} is empty: fleet diff failed before it printed the document.`);
  if (found.size > mostBytes) throw new JobError(`${file} has ${found.size} bytes, and at most ${mostBytes} are read.`);
  const { success, data, error } = document.safeParse(parsed(readFileSync(file, "utf8")));
  if (!success) {
    // The messages of zod repeat no value.
    const [issue] = error.issues;
    const place = (issue?.path ?? []).map(String).join(".").slice(0, 200);
    throw new JobError(`${file} is no document of fleet diff --output json, at ${place === "" ? "its start" : place}.`);
  }
  const { notes, entries, ...rest } = data;
  return {
    ...rest,
    notes: notes.map(inertPhrase),
    entries: entries.map(({ sentence, details, ...entry }) => {
      return { ...entry, sentence: inertPhrase(sentence), details: details.map(inertPhrase) };
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The caller reports it as a file that is no document.
    return undefined;
  }
}

/** Letters and hyphens, with a mark at the end: neither Markdown, nor HTML, nor a person's name, nor an address. */
const inertWord = /^\(?[A-Za-z]+(?:-[A-Za-z]+)*\)?[,.;:]?$/;

/**
 * A sentence of unknown origin as a phrase. Everything but plain words stands in code, so that printers show it as it is.
 */
export function inertPhrase(sentence: string): Phrase {
  const parts: (string | { code: string })[] = [];
  for (const [index, word] of sentence.split(" ").entries()) {
    const last = parts.at(-1);
    const gap = index === 0 ? "" : " ";
    if (inertWord.test(word)) {
      if (typeof last === "string") parts[parts.length - 1] = `${last}${gap}${word}`;
      else parts.push(`${gap}${word}`);
    } else if (typeof last === "object") {
      last.code += `${gap}${word}`;
    } else {
      if (typeof last === "string") parts[parts.length - 1] = `${last}${gap}`;
      parts.push({ code: word });
    }
  }
  return parts;
}
