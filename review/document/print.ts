import { type Phrase, plainText } from "../phrase.js";
import type { FieldText, ReviewDocument } from "./document.js";
import { plainCharacters } from "./plain-characters.js";
import { printMarkdown } from "./print-markdown.js";
import { printText } from "./print-text.js";

/** The printers of a document, by the name of their form. */
export const printers = { markdown: printMarkdown, text: printText, json: printJson } as const;

/** The form of a printed document. */
export type OutputForm = keyof typeof printers;

/**
 * The document as JSON. Sentences are plain text. Characters that are not seen are escaped as in the other forms, so that
 * a program that prints a value deceives no reader either.
 */
function printJson({ base, head, stacks, notes, entries, cuts }: ReviewDocument): string {
  const content = {
    base: plainCharacters(base),
    head: plainCharacters(head),
    stacks: stacks.map(plainCharacters),
    cuts,
    notes: notes.map(sentenceText),
    entries: entries.map(({ sentence, details, fields, targets, ...entry }) => ({
      ...entry,
      targets: targets.map(({ stack, tenant }) => {
        return { stack: plainCharacters(stack), ...(tenant === undefined ? {} : { tenant: plainCharacters(tenant) }) };
      }),
      fields: fields.map(fieldText),
      sentence: sentenceText(sentence),
      details: details.map(sentenceText),
    })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function sentenceText(sentence: Phrase): string {
  return plainCharacters(plainText(sentence));
}

function fieldText({ path, before, after }: FieldText): FieldText {
  return {
    path: plainCharacters(path),
    before: before && plainCharacters(before),
    after: after && plainCharacters(after),
  };
}
