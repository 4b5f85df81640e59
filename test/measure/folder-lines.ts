import type ts from "typescript";
import { codeLines } from "./code-lines.js";
import { PARTS, type Part, partOf, topFolderOf } from "./part.js";
import type { Source } from "./source.js";

/** Counts of TypeScript and JavaScript files, and the lines of Go and shell beside them. */
export interface LineCounts {
  readonly files: number;
  readonly lines: number;
  /** Lines that hold more than white space and comments. */
  readonly codeLines: number;
  readonly goAndShellLines: number;
}

/** The counts of one top-level folder, or of what one part of the project has in it. */
export interface FolderLines extends LineCounts {
  readonly part: Part;
  readonly folder: string;
}

/** The counts by part and top-level folder, in the order of the parts and then of the names. */
export function folderLines(files: readonly ts.SourceFile[], goAndShell: readonly Source[]): readonly FolderLines[] {
  const counts = new Map<string, FolderLines>();
  const add = (path: string, further: LineCounts): void => {
    const key = { part: partOf(path), folder: topFolderOf(path) };
    const id = `${key.part} ${key.folder}`;
    counts.set(id, { ...key, ...sumOfLines([counts.get(id) ?? none, further]) });
  };
  for (const file of files) {
    add(file.fileName, { ...none, files: 1, lines: lineCount(file.text), codeLines: codeLines(file).length });
  }
  for (const { path, text } of goAndShell) add(path, { ...none, goAndShellLines: lineCount(text) });
  return [...counts.values()].toSorted(
    (a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part) || (a.folder < b.folder ? -1 : 1),
  );
}

/** All counts together. */
export function sumOfLines(counts: readonly LineCounts[]): LineCounts {
  return counts.reduce<LineCounts>(
    (sum, { files, lines, codeLines, goAndShellLines }) => ({
      files: sum.files + files,
      lines: sum.lines + lines,
      codeLines: sum.codeLines + codeLines,
      goAndShellLines: sum.goAndShellLines + goAndShellLines,
    }),
    none,
  );
}

const none: LineCounts = { files: 0, lines: 0, codeLines: 0, goAndShellLines: 0 };

/** The lines of a text; the last one need not end in a line break. */
function lineCount(text: string): number {
  const lines = text.split("\n").length;
  return text === "" || text.endsWith("\n") ? lines - 1 : lines;
}
