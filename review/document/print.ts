import { plainText } from "../phrase.js";
import type { ReviewDocument } from "./document.js";
import { printMarkdown } from "./print-markdown.js";
import { printText } from "./print-text.js";

/** The printers of a document, by the name of their form. */
export const printers = { markdown: printMarkdown, text: printText, json: printJson } as const;

/** The form of a printed document. */
export type OutputForm = keyof typeof printers;

/** The document as JSON. Sentences are plain text. */
function printJson({ notes, entries, ...document }: ReviewDocument): string {
  const content = {
    ...document,
    notes: notes.map(plainText),
    entries: entries.map(({ sentence, details, ...entry }) => {
      return { ...entry, sentence: plainText(sentence), details: details.map(plainText) };
    }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
