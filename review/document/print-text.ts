import type { Phrase } from "../phrase.js";
import type { Entry, FieldText, ReviewDocument } from "./document.js";
import { type EntryGroup, fieldLines, printBlocks } from "./frame.js";
import { onOneLine } from "./plain-characters.js";
import { effectWords, placePhrase } from "./wording.js";

/** The document for a terminal. */
export function printText(document: ReviewDocument): string {
  const blocks = printBlocks(document, {
    inline: line,
    note: (sentence) => `Note: ${sentence}`,
    cut: (sentence) => sentence,
    sentences: (title, entries) => [[title, ...entries.flatMap(sentenceLines)].join("\n")],
    objects: (title, groups) => [[title, ...groups.flatMap(groupLines)].join("\n")],
  });
  return `${blocks.join("\n\n")}\n`;
}

function sentenceLines({ effect = "changed", sentence, targets, details }: Entry): string[] {
  const first = `  ${effectWords[effect]}: ${line(sentence)}${line(placePhrase(targets))}`;
  return [first, ...details.map((detail) => `    - ${line(detail)}`)];
}

function groupLines({ heading, entries }: EntryGroup): string[] {
  return [
    `  ${heading}`,
    ...entries.flatMap(({ sentence, fields }) => [`    ${line(sentence)}`, ...fields.flatMap(linesOf)]),
  ];
}

function linesOf(field: FieldText): string[] {
  const { path, values } = fieldLines(field);
  return [`      ${path}`, ...values.map(([sign, text]) => `        ${sign} ${text}`)];
}

function line(text: Phrase): string {
  return text.map((part) => (typeof part === "string" ? part : onOneLine(part.code))).join("");
}
