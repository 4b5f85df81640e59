import type { Phrase } from "../phrase.js";
import { type Entry, type FieldText, type ReviewDocument, type SectionName, sectionNames } from "./document.js";
import { onOneLine, plainCharacters } from "./plain-characters.js";
import {
  byTargets,
  cutSentence,
  hasSentences,
  headingOf,
  introduction,
  isUnchanged,
  nothingChanges,
  sectionTitles,
} from "./wording.js";

/** Entries under the heading that they share. */
export interface EntryGroup {
  readonly heading: string;
  readonly entries: readonly Entry[];
}

/** The parts of a document in one of its forms, each a block of lines. */
export interface Form {
  /** A phrase within a line. */
  readonly inline: (text: Phrase) => string;
  readonly note: (sentence: string) => string;
  readonly cut: (sentence: string) => string;
  /** A section of sentences. */
  readonly sentences: (title: string, entries: readonly Entry[]) => readonly string[];
  /** A section of objects with their fields. */
  readonly objects: (title: string, groups: readonly EntryGroup[]) => readonly string[];
}

/** A document in a form: the same parts in the same order in each. */
export function printBlocks(document: ReviewDocument, form: Form): string[] {
  const { notes, entries, cuts } = document;
  return [
    `${form.inline(introduction(document))}.`,
    ...notes.map((note) => form.note(`${form.inline(note)}.`)),
    ...(isUnchanged(document) ? [nothingChanges] : []),
    ...sectionNames.flatMap((section) =>
      printSection(
        section,
        entries.filter((entry) => entry.section === section),
        form,
      ),
    ),
    ...(cuts.length === 0 ? [] : [form.cut(cutSentence(cuts))]),
  ];
}

function printSection(section: SectionName, entries: readonly Entry[], form: Form): readonly string[] {
  if (entries.length === 0) return [];
  const title = sectionTitles[section];
  if (hasSentences(section)) return form.sentences(title, entries);
  const groups = byTargets(entries).map((group) => {
    return { heading: form.inline(headingOf(group[0]?.targets ?? [])), entries: group };
  });
  return form.objects(title, groups);
}

/** The path of a field, and each line of its old and its new value behind a sign. */
export function fieldLines({ path, before, after }: FieldText): {
  readonly path: string;
  readonly values: readonly (readonly [sign: "-" | "+", line: string])[];
} {
  const linesOf = (sign: "-" | "+", value: string | undefined) =>
    value === undefined
      ? []
      : plainCharacters(value)
          .split("\n")
          .map((line) => [sign, line] as const);
  return { path: onOneLine(path), values: [...linesOf("-", before), ...linesOf("+", after)] };
}
