import type { Phrase } from "../phrase.js";
import { type Entry, type FieldText, type ReviewDocument, type SectionName, sectionNames } from "./document.js";
import { onOneLine, plainCharacters } from "./plain-characters.js";
import {
  byTargets,
  cutSentence,
  effectWords,
  foldedCount,
  hasSentences,
  headingOf,
  introduction,
  nothingChanges,
  sectionTitles,
  targetsPhrase,
} from "./wording.js";

/** The document as Markdown. Values stand in code, so that none is read as Markdown, as HTML, or as the name of a person. */
export function printMarkdown(document: ReviewDocument): string {
  const { notes, entries, cuts } = document;
  const blocks = [
    "## fleet diff",
    `${inline(introduction(document))}.`,
    ...notes.map((note) => `> ${inline(note)}.`),
    ...(entries.length === 0 && cuts.length === 0 ? [nothingChanges] : []),
    ...sectionNames.flatMap((section) => sectionBlocks(section, ofSection(entries, section))),
    ...(cuts.length === 0 ? [] : [`> ${cutSentence(cuts)}`]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function ofSection(entries: readonly Entry[], section: SectionName): Entry[] {
  return entries.filter((entry) => entry.section === section);
}

function sectionBlocks(section: SectionName, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const title = `### ${sectionTitles[section]}`;
  const isConsequences = hasSentences(section);
  if (isConsequences) return [title, entries.map(consequence).join("\n")];
  const groups = byTargets(entries).map((group) => {
    const heading = `#### ${inline(headingOf(group[0]?.targets ?? []))}`;
    return [heading, ...group.map(objectBlock)].join("\n\n");
  });
  return [title, ...groups];
}

function consequence(entry: Entry): string {
  const { effect = "changed", sentence, targets, details } = entry;
  const line = `- **${effectWords[effect]}:** ${inline(sentence)}, ${inline(targetsPhrase(targets))}`;
  if (details.length === 0) return line;
  const folded = details.map((detail) => `  - ${inline(detail)}`).join("\n");
  return `${line}\n\n  <details><summary>${foldedCount(entry)}</summary>\n\n${folded}\n\n  </details>\n`;
}

function objectBlock(entry: Entry): string {
  if (entry.fields.length === 0) return `- ${inline(entry.sentence)}`;
  const fields = entry.fields.map(fieldLines).join("\n");
  // A fence is longer than any run of its character in the content.
  const fence = "`".repeat(Math.max(3, longestRun(fields) + 1));
  const summary = `${html(entry.sentence)}: ${foldedCount(entry)}`;
  return `<details><summary>${summary}</summary>\n\n${fence}diff\n${fields}\n${fence}\n\n</details>`;
}

function fieldLines({ path, before, after }: FieldText): string {
  const lines = (sign: string, value: string | undefined) =>
    value === undefined
      ? []
      : plainCharacters(value)
          .split("\n")
          .map((line) => `${sign}${line}`);
  return [` ${onOneLine(path)}`, ...lines("-", before), ...lines("+", after)].join("\n");
}

function inline(text: Phrase): string {
  return text.map((part) => (typeof part === "string" ? part : code(onOneLine(part.code)))).join("");
}

/** @see https://spec.commonmark.org/0.31.2/#code-spans */
function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const isPadded = text === "" || /^[` ]|[` ]$/.test(text);
  return isPadded ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function html(text: Phrase): string {
  return text
    .map((part) => (typeof part === "string" ? part : `<code>${escaped(onOneLine(part.code))}</code>`))
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
