import type { Phrase } from "../phrase.js";
import type { Entry, FieldText, ReviewDocument } from "./document.js";
import { type EntryGroup, fieldLines, printBlocks } from "./frame.js";
import { onOneLine } from "./plain-characters.js";
import { effectWords, foldedCount, placePhrase } from "./wording.js";

/** The document as Markdown. Values stand in code, so that none is read as Markdown, as HTML, or as the name of a person. */
export function printMarkdown(document: ReviewDocument): string {
  const blocks = printBlocks(document, {
    inline,
    note: (sentence) => `> ${sentence}`,
    cut: (sentence) => `> ${sentence}`,
    sentences: (title, entries) => [`### ${title}`, entries.map(sentenceItem).join("\n")],
    objects: (title, groups) => [`### ${title}`, ...groups.map(groupBlock)],
  });
  return `${["## fleet diff", ...blocks].join("\n\n")}\n`;
}

function sentenceItem(entry: Entry): string {
  const { effect = "changed", sentence, targets, details } = entry;
  const line = `- **${effectWords[effect]}:** ${inline(sentence)}${inline(placePhrase(targets))}`;
  if (details.length === 0) return line;
  const folded = details.map((detail) => `  - ${inline(detail)}`).join("\n");
  return `${line}\n\n  <details><summary>${foldedCount(entry)}</summary>\n\n${folded}\n\n  </details>\n`;
}

function groupBlock({ heading, entries }: EntryGroup): string {
  return [`#### ${heading}`, ...entries.map(objectBlock)].join("\n\n");
}

function objectBlock(entry: Entry): string {
  if (entry.fields.length === 0) return `- ${inline(entry.sentence)}`;
  const fields = entry.fields.map(linesOf).join("\n");
  // A fence is longer than any run of its character in the content.
  const fence = "`".repeat(Math.max(3, longestRun(fields) + 1));
  const summary = `${html(entry.sentence)}: ${foldedCount(entry)}`;
  return `<details><summary>${summary}</summary>\n\n${fence}diff\n${fields}\n${fence}\n\n</details>`;
}

function linesOf(field: FieldText): string {
  const { path, values } = fieldLines(field);
  return [` ${path}`, ...values.map(([sign, text]) => `${sign}${text}`)].join("\n");
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
  // No list of arguments: V8 ends at some hundred thousand.
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}

function html(text: Phrase): string {
  return text
    .map((part) => (typeof part === "string" ? part : `<code>${escaped(onOneLine(part.code))}</code>`))
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
