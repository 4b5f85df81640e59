import { type DuplicatedBlock, type Duplicates, SMALLEST_BLOCK } from "./duplicated-blocks.js";
import type { FolderImports } from "./folder-imports.js";
import { type FolderLines, type LineCounts, sumOfLines } from "./folder-lines.js";
import { LONGEST_SHORT_FUNCTION, type LongFunction } from "./long-functions.js";
import type { Measures } from "./measure.js";
import { PARTS, type Part, partOf } from "./part.js";
import { renderTable } from "./table.js";

/** How many duplicated blocks are listed. */
const LISTED_BLOCKS = 10;

/** The numbers as plain text. */
export function renderReport({ folders, longFunctions, imports, duplicates }: Measures): string {
  const sections = [
    lineSection(folders),
    functionSection(longFunctions),
    importSection(imports),
    duplicateSection(duplicates),
  ];
  return `${sections.flat().join("\n\n")}\n`;
}

function lineSection(folders: readonly FolderLines[]): readonly string[] {
  const row = (part: Part | "all", folder: string, counts: LineCounts) => {
    const { files, lines, codeLines, goAndShellLines } = counts;
    return [part, folder, files, lines, codeLines, goAndShellLines];
  };
  const rows = PARTS.flatMap((part) => {
    const own = folders.filter((counts) => counts.part === part);
    return [...own.map((counts) => row(part, counts.folder, counts)), row(part, "all", sumOfLines(own))];
  });
  return [
    "LINES: TypeScript and JavaScript (code: without blank lines and comments), and lines of Go and shell",
    renderTable(
      ["Part", "Folder", "Files", "Lines", "Code", "Go, shell"],
      [...rows, row("all", "all", sumOfLines(folders))],
    ),
  ];
}

function functionSection(functions: readonly LongFunction[]): readonly string[] {
  const byPart = PARTS.map((part) => functions.filter(({ path }) => partOf(path) === part));
  const counts = PARTS.map((part, index) => `${part} ${byPart[index]?.length ?? 0}`).join(", ");
  return [
    `FUNCTIONS over ${LONGEST_SHORT_FUNCTION} lines: ${counts}\n` +
      "Callbacks of mocha (describe, it, before and so on) are not counted.",
    renderTable(
      ["Part", "Lines", "Place", "Function"],
      byPart.flat().map(({ path, line, lines, name }) => [partOf(path), lines, `${path}:${line}`, name]),
    ),
  ];
}

function importSection(imports: readonly FolderImports[]): readonly string[] {
  const arrows = imports.map(({ from, to, count }) => `${from} -> ${to}: ${count}`);
  return ["IMPORTS between top-level folders", arrows.join("\n")];
}

function duplicateSection({ blocks, lines }: Duplicates): readonly string[] {
  const row = (name: Part | "all", isIn: (path: string) => boolean) => {
    const counts = [...lines].map(([path, count]) => (isIn(path) ? count : 0));
    // A block with places in several parts counts in each of them.
    const own = blocks.filter(({ places }) => places.some(({ path }) => isIn(path)));
    return [name, own.length, counts.reduce((sum, count) => sum + count, 0)];
  };
  return [
    `DUPLICATES: blocks of ${SMALLEST_BLOCK} or more identical lines\n` +
      "Imports, comments, and lines without a letter or a digit are left out.",
    renderTable(
      ["Part", "Blocks", "Lines"],
      [...PARTS.map((part) => row(part, (path) => partOf(path) === part)), row("all", () => true)],
    ),
    `The ${LISTED_BLOCKS} largest:`,
    renderTable(["Lines", "Places"], blocks.slice(0, LISTED_BLOCKS).flatMap(blockRows)),
  ];
}

/** One row for each place, the number of lines beside the first. */
function blockRows({ lines, places }: DuplicatedBlock): readonly (readonly (string | number)[])[] {
  return places.map(({ path, first, last }, index) => [index === 0 ? lines : "", `${path}:${first}-${last}`]);
}
