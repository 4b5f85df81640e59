import type { Phrase } from "../phrase.js";
import { type Entry, type FieldText, type ReviewDocument, sectionNames } from "./document.js";
import { onOneLine, plainCharacters } from "./plain-characters.js";
import {
  byTargets,
  cutSentence,
  effectWords,
  hasSentences,
  headingOf,
  introduction,
  nothingChanges,
  sectionTitles,
  targetsPhrase,
} from "./wording.js";

/** The document for a terminal. */
export function printText(document: ReviewDocument): string {
  const { notes, entries, cuts } = document;
  const blocks = [
    `${line(introduction(document))}.`,
    ...notes.map((note) => `Note: ${line(note)}.`),
    ...(entries.length === 0 && cuts.length === 0 ? [nothingChanges] : []),
    ...sectionNames.flatMap((section) => {
      const own = entries.filter((entry) => entry.section === section);
      if (own.length === 0) return [];
      const isConsequences = hasSentences(section);
      const lines = isConsequences ? own.flatMap(consequenceLines) : byTargets(own).flatMap(groupLines);
      return [[sectionTitles[section], ...lines].join("\n")];
    }),
    ...(cuts.length === 0 ? [] : [cutSentence(cuts)]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function consequenceLines({ effect = "changed", sentence, targets, details }: Entry): string[] {
  const first = `  ${effectWords[effect]}: ${line(sentence)}, ${line(targetsPhrase(targets))}`;
  return [first, ...details.map((detail) => `    - ${line(detail)}`)];
}

function groupLines(group: readonly Entry[]): string[] {
  const heading = `  ${line(headingOf(group[0]?.targets ?? []))}`;
  return [
    heading,
    ...group.flatMap(({ sentence, fields }) => [`    ${line(sentence)}`, ...fields.flatMap(fieldLines)]),
  ];
}

function fieldLines({ path, before, after }: FieldText): string[] {
  const lines = (sign: string, value: string | undefined) =>
    value === undefined
      ? []
      : plainCharacters(value)
          .split("\n")
          .map((text) => `        ${sign} ${text}`);
  return [`      ${onOneLine(path)}`, ...lines("-", before), ...lines("+", after)];
}

function line(text: Phrase): string {
  return text.map((part) => (typeof part === "string" ? part : onOneLine(part.code))).join("");
}
