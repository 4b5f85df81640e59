import { groupBy } from "../../lib/data/group-by.js";
import { type Phrase, phrase } from "../phrase.js";
import { compareText, type Entry } from "./document.js";

/** A file of the program that a change touches. */
export interface ProgramChange {
  readonly kind: "added" | "removed" | "changed";
  /** Path in the checkout, with slashes. */
  readonly path: string;
}

/** The most files that the entry names. Of further ones, it counts those of each folder. */
const mostFiles = 200;

/**
 * The entry about a program that changed. All other entries are what this program registers while it is recorded. It can
 * notice that, and register something else in an update, so a reviewer reads the files.
 */
export function programEntries(changes: readonly ProgramChange[]): Entry[] {
  if (changes.length === 0) return [];
  const sorted = [...changes].sort((a, b) => compareText(a.path, b.path));
  const count = `${sorted.length} ${sorted.length === 1 ? "file" : "files"}`;
  const sentence = phrase`the program itself, ${[count]}: read them, because a program can register something else in an update`;
  const details = [...sorted.slice(0, mostFiles).map(fileText), ...countsOf(sorted.slice(mostFiles))];
  return [{ section: "program", effect: "changed", sentence, targets: [], details, fields: [] }];
}

function fileText({ kind, path }: ProgramChange): Phrase {
  return kind === "changed" ? phrase`${path}` : phrase`${path} is ${[kind]}`;
}

function countsOf(changes: readonly ProgramChange[]): Phrase[] {
  const byFolder = groupBy(changes, ({ path }) => path.split("/").slice(0, -1).join("/") || ".");
  return [...byFolder].map(([folder, files]) => phrase`${[`${files.length} more in `]}${folder}`);
}
