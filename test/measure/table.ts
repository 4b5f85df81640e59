import Table from "cli-table3";

/** Nothing around the cells: two spaces between columns, no lines. */
const borderless = Object.fromEntries(
  ["top", "bottom", "left", "right"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("mid", "mid-mid", "middle")
    .map((name) => [name, ""]),
);

/** A table of plain text without borders. Columns whose first cell is a number are aligned at the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const colAligns = head.map((_, column) => (typeof rows[0]?.[column] === "number" ? "right" : "left"));
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 2 };
  const table = new Table({ head: [...head], colAligns, chars: borderless, style });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, "");
}
