import ts from "typescript";
import { groupBy } from "../../lib/data/group-by.js";
import { type CodeLine, codeLines } from "./code-lines.js";
import { maximalRepeats, type Repeat } from "./repeats.js";

/** The fewest lines of a duplicated block. */
export const SMALLEST_BLOCK = 6;

/** One occurrence of a duplicated block. */
export interface Place {
  readonly path: string;
  /** First and last line, from 1. */
  readonly first: number;
  readonly last: number;
}

/** A run of lines that occurs in several places. */
export interface DuplicatedBlock {
  /** The number of compared lines; lines that are left out in between do not count. */
  readonly lines: number;
  readonly places: readonly Place[];
}

/** The duplicated blocks of some files, and the lines in any of them. */
export interface Duplicates {
  /** The largest first. */
  readonly blocks: readonly DuplicatedBlock[];
  /** Path of a file → how many of its lines belong to a block, each counted once. */
  readonly lines: ReadonlyMap<string, number>;
}

/** A line that is compared, and its file. */
interface Line extends CodeLine {
  readonly path: string;
}

/**
 * Finds runs of at least {@link SMALLEST_BLOCK} identical lines. Compared are lines without surrounding white space;
 * left out are comments, imports, and lines without a letter or a digit. A block is as long as it can be without losing
 * a place, and counts only if at least one of its lines belongs to no longer block.
 */
export function findDuplicates(files: readonly ts.SourceFile[]): Duplicates {
  const boundary = undefined;
  const lines = [boundary, ...files.flatMap((file) => [...comparedLines(file), boundary])];
  const covered = new Set<number>();
  const repeats = maximalRepeats(symbolsOf(lines), SMALLEST_BLOCK)
    .toSorted((a, b) => b.length - a.length || b.starts.length - a.starts.length)
    .filter((repeat) => {
      const size = covered.size;
      for (const position of positionsOf(repeat)) covered.add(position);
      return covered.size > size;
    });
  const paths = [...covered].flatMap((position) => lines[position]?.path ?? []);
  return {
    blocks: repeats.map(({ length, starts }) => ({
      lines: length,
      places: starts.flatMap((start) => placeOf(lines[start], lines[start + length - 1])),
    })),
    lines: new Map([...groupBy(paths, (path) => path)].map(([path, all]) => [path, all.length])),
  };
}

function comparedLines(file: ts.SourceFile): Line[] {
  return codeLines(file, isImport)
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .map((line) => ({ ...line, path: file.fileName }));
}

function isImport(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier !== undefined;
  return ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node);
}

/** The same number for the same text; each boundary between files has a number of its own. */
function symbolsOf(lines: readonly (Line | undefined)[]): readonly number[] {
  const symbols = new Map<string, number>();
  return lines.map((line, index) => {
    if (line === undefined) return -index - 1;
    const symbol = symbols.get(line.text) ?? symbols.size;
    symbols.set(line.text, symbol);
    return symbol;
  });
}

function positionsOf({ length, starts }: Repeat): readonly number[] {
  return starts.flatMap((start) => Array.from({ length }, (_, offset) => start + offset));
}

function placeOf(first: Line | undefined, last: Line | undefined): readonly Place[] {
  if (first === undefined || last === undefined) return [];
  return [{ path: first.path, first: first.number, last: last.number }];
}
