import { groupBy } from "../../lib/data/group-by.js";
import { joined, listed, type Phrase, phrase } from "../phrase.js";
import type { Cut, Entry, EntryEffect, ReviewDocument, SectionName, Target } from "./document.js";

/** Titles of the sections. */
export const sectionTitles: Readonly<Record<SectionName, string>> = {
  rules: "Rules",
  program: "Program",
  losses: "Irreversible, or loses data",
  warnings: "Warnings of the preview",
  privileges: "Privileges",
  tenants: "Tenants",
  platform: "Platform and Flux",
};

/** Sections of sentences, each with its effect. The others list objects with their fields. */
export function hasSentences(section: SectionName): boolean {
  return section !== "tenants" && section !== "platform";
}

/** The word before a sentence. */
export const effectWords: Readonly<Record<EntryEffect, string>> = {
  refused: "Refused",
  advised: "Advice",
  accepted: "Accepted",
  loss: "Loss",
  warning: "Warning",
  gained: "Gained",
  changed: "Changed",
  lost: "Lost",
};

/** The first line: the revisions and the stacks. */
export function introduction({ base, head, stacks }: ReviewDocument): Phrase {
  const names = listed(stacks.map((name) => phrase`${name}`));
  return phrase`${head} compared with ${base}, stacks ${names}`;
}

/** The sentence of a document without differences. */
export const nothingChanges = "No stack registers anything else than before.";

/** Whether stacks were compared, and none registers anything else. The program may have changed all the same. */
export function isUnchanged({ stacks, entries, cuts }: ReviewDocument): boolean {
  return stacks.length > 0 && cuts.length === 0 && entries.every(({ section }) => section === "program");
}

/** The end of a sentence: the stacks and tenants of its entry, behind a comma. */
export function placePhrase(targets: readonly Target[]): Phrase {
  return targets.length === 0 ? [] : phrase`, ${targetsPhrase(targets)}`;
}

/** The stacks and tenants of an entry: ` on staging`, ` for a, b on prod-eu, staging`. */
export function targetsPhrase(targets: readonly Target[]): Phrase {
  const tenants = [...new Set(targets.flatMap(({ tenant }) => (tenant === undefined ? [] : [tenant])))];
  const stacks = [...new Set(targets.map(({ stack }) => stack))].sort();
  const place = phrase`on ${listed(stacks.map((stack) => phrase`${stack}`))}`;
  if (tenants.length < 2) return place;
  const isEverywhere = targets.length === tenants.length * stacks.length;
  if (isEverywhere) return phrase`for ${[`${tenants.length} tenants (`]}${allNames(tenants)}${[") "]}${place}`;
  const byTenant = groupBy(targets, ({ tenant = "" }) => tenant);
  const places = [...byTenant].map(([tenant, own]) => phrase`${tenant} on ${allNames(own.map(({ stack }) => stack))}`);
  return phrase`for ${[`${tenants.length} tenants: `]}${joined(places)}`;
}

/** All names, however many: an entry about many tenants lists them. */
function allNames(names: readonly string[]): Phrase {
  return joined(names.map((name) => phrase`${name}`));
}

/** The summary of what an entry folds away: ` (2 fields)`. */
export function foldedCount({ section, details, fields }: Entry): string {
  if (section === "rules") return "reason and remedy";
  if (section === "program") return "the files";
  const counts = [
    ...(details.length === 0 ? [] : [`${details.length} ${details.length === 1 ? "consequence" : "consequences"}`]),
    ...(fields.length === 0 ? [] : [`${fields.length} ${fields.length === 1 ? "field" : "fields"}`]),
  ];
  return counts.join(", ");
}

/** The name of the details that the entries of a section fold away. */
function foldedParts(section: SectionName): string {
  if (section === "rules") return "reasons and remedies";
  if (section === "program") return "files";
  return hasSentences(section) ? "consequences" : "fields";
}

/** The sentence about what was left out. */
export function cutSentence(cuts: readonly Cut[]): string {
  const parts = cuts.flatMap(({ section, entries, folded }) => {
    const title = `"${sectionTitles[section]}"`;
    return [
      ...(entries === 0 ? [] : [`${entries} entries of ${title}`]),
      ...(folded === 0 ? [] : [`the ${foldedParts(section)} of ${folded} entries of ${title}`]),
    ];
  });
  return `Left out, because the document would be too long: ${parts.join(", ")}.`;
}

/** Entries of a section under the targets that they share, in the order of the entries. */
export function byTargets(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  return [...groupBy(entries, ({ targets }) => JSON.stringify(targets)).values()];
}

/** The heading of entries about the same tenants: the tenant, or how many there are. */
export function headingOf(targets: readonly Target[]): Phrase {
  const [tenant, ...others] = new Set(targets.map((target) => target.tenant));
  if (others.length > 0) return targetsPhrase(targets);
  return tenant === undefined ? targetsPhrase(targets) : phrase`${tenant} ${targetsPhrase(targets)}`;
}
