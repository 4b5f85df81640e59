import Table from "cli-table3";

/** A table for people. @param right indexes of the columns with numbers */
export function newTable(head: string[], right: readonly number[]): Table.Table {
  const colAligns = head.map((_, index): Table.HorizontalAlignment => (right.includes(index) ? "right" : "left"));
  return new Table({ head, colAligns, style: { head: [], border: [] } });
}

/** `12.34` → `12.3 s`. @param digits after the point. @default - two below one second, one otherwise */
export function seconds(value: number, digits = value < 1 ? 2 : 1): string {
  return `${value.toFixed(digits)} s`;
}
