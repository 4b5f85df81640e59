import Table from "cli-table3";
import { stringify } from "yaml";
import { plainCharacters } from "../../review/document/plain-characters.js";
import type { DataForm } from "./output-option.js";

/** A table of a command's output. Cells may have several lines. */
export interface DataTable {
  /** @default - no title */
  readonly title?: string | undefined;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The output of a command: the same facts as data for programs, and as tables for people. */
export interface CommandOutput {
  /** Plain data. Its fields are part of the command's interface. */
  readonly data: unknown;
  readonly tables: readonly DataTable[];
}

/** Characters of a line where the output is no terminal. */
const defaultColumns = 160;
/** The narrowest column: shorter ones break every word. */
const narrowestColumn = 8;

/**
 * The text of a command's output.
 * @param columns width of the terminal @default - that of the standard output, or 160
 */
export function printData(
  { data, tables }: CommandOutput,
  form: DataForm,
  columns = process.stdout.columns ?? defaultColumns,
): string {
  switch (form) {
    case "json":
      return `${JSON.stringify(data, undefined, 2)}\n`;
    case "yaml":
      return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
    case "markdown":
      return tables.map(markdownTable).join("\n");
    case "table":
      return tables.map((table) => textTable(table, columns)).join("\n");
  }
}

function textTable({ title, head, rows }: DataTable, columns: number): string {
  const plain = rows.map((row) => row.map((cell) => plainCharacters(cell)));
  if (head.length * (narrowestColumn + 1) + 1 > columns) return textRecords({ title, head, rows: plain });
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colWidths: columnWidths([head, ...plain], columns),
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(...plain);
  return `${title === undefined ? "" : `${title}\n`}${table.toString()}\n`;
}

/** Rows one below the other, for a terminal that is too narrow for the columns. Empty cells are left out. */
function textRecords({ title, head, rows }: DataTable): string {
  const width = Math.max(...head.map((name) => name.length)) + 2;
  const lines = (name: string, cell: string) =>
    cell.split("\n").map((line, index) => `${(index === 0 ? `${name}:` : "").padEnd(width)}${line}`);
  const records = rows.map((row) => {
    return row.flatMap((cell, index) => (cell === "" ? [] : lines(head[index] ?? "", cell))).join("\n");
  });
  return `${title === undefined ? "" : `${title}\n\n`}${records.join("\n\n")}\n`;
}

/** Widths with their padding. Where a line is too long for the terminal, the widest columns shrink first. */
function columnWidths(rows: readonly (readonly string[])[], columns: number): number[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, index) => 2 + Math.max(...rows.map((row) => cellWidth(row[index]))));
  const available = columns - count - 1;
  while (widths.reduce((sum, width) => sum + width, 0) > available) {
    const widest = Math.max(...widths);
    if (widest <= narrowestColumn) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function cellWidth(cell = ""): number {
  return Math.max(...cell.split("\n").map((line) => [...line].length));
}

function markdownTable({ title, head, rows }: DataTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(" | ")} |\n`;
  const heading = title === undefined ? "" : `### ${markdownCell(title)}\n\n`;
  return `${heading}${line(head)}|${"---|".repeat(head.length)}\n${rows.map(line).join("")}`;
}

/** Text of a cluster or of GitHub may be anyone's: it stays text, and in its cell. */
function markdownCell(text: string): string {
  return plainCharacters(text)
    .replaceAll(/[\\`*_[\]<>|~]/g, "\\$&")
    .replaceAll("\n", "<br>");
}
