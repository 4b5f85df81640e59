import Table from "cli-table3";
import { isKept } from "./budgets.js";
import type { BenchResult, Goal, Size, Timing } from "./result.js";

/** The result for people. */
export function renderReport(result: BenchResult): string {
  const { tenants, date, machine, load, growth = [], pushes = [] } = result;
  return [
    "",
    `${tenants} tenants, ${date.slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before the run`,
    "",
    timingTable(result.timings),
    "Floor: the same Kubernetes objects by server-side apply, 20 at once, and the same GitHub calls by plain HTTP,",
    "on a second cluster and a second GitHub, in this run.",
    "",
    phaseTable(result),
    "",
    countTable(result),
    "",
    goalTable(result.goals),
    ...(growth.length === 0 ? [] : ["", growthTable(growth)]),
    ...(pushes.length === 0 ? [] : ["", pushTable(pushes)]),
    "",
  ].join("\n");
}

function timingTable(timings: readonly Timing[]): string {
  const table = newTable(["Job", "Measured", "Floor", "Floor of", "Ratio"], [1, 2, 4]);
  for (const { what, measured, floor } of timings) {
    const ratio = floor === undefined || floor.seconds === 0 ? "-" : `${(measured / floor.seconds).toFixed(1)}×`;
    table.push([what, seconds(measured), floor ? seconds(floor.seconds) : "-", floor?.of ?? "-", ratio]);
  }
  return table.toString();
}

function phaseTable({ phases }: BenchResult): string {
  const table = newTable(["Where the time of up went", "Time"], [1]);
  for (const phase of phases) table.push([phase.what, seconds(phase.seconds)]);
  return table.toString();
}

function countTable({ budgets, counts }: BenchResult): string {
  const table = newTable(["Count", "Counted", "Budget", ""], [1, 2]);
  for (const budget of budgets) {
    table.push([budget.what, number(budget.counted), `≤ ${budget.atMost}`, isKept(budget) ? "kept" : "BROKEN"]);
  }
  for (const [what, counted] of Object.entries(counts)) table.push([what, number(counted), "", ""]);
  return table.toString();
}

function goalTable(goals: readonly Goal[]): string {
  const table = newTable(["Goal, on a machine with nothing else to do", "Measured", "Goal", ""], [1, 2]);
  for (const { what, measured, atMost, unit } of goals) {
    const met = measured <= atMost ? "met" : "not met";
    table.push([what, `${measured.toFixed(unit === "s" ? 1 : 2)} ${unit}`, `≤ ${atMost} ${unit}`, met]);
  }
  return table.toString();
}

/** Each size, and what each tenant beyond the size before it cost: what does not grow with tenants drops out. */
function growthTable(sizes: readonly Size[]): string {
  const table = newTable(
    [
      "Tenants",
      "up",
      "each more",
      "no-change preview",
      "each more",
      "Resources",
      "GitHub requests of up",
      "of preview",
    ],
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  for (const [index, size] of sizes.entries()) {
    const before = sizes[index - 1];
    const more = (now: number, then: number | undefined): string =>
      before === undefined || then === undefined || size.tenants === before.tenants
        ? "-"
        : seconds((now - then) / (size.tenants - before.tenants), 2);
    table.push([
      size.tenants,
      seconds(size.up),
      more(size.up, before?.up),
      seconds(size.preview),
      more(size.preview, before?.preview),
      size.resources,
      size.upRequests,
      size.previewRequests,
    ]);
  }
  return table.toString();
}

function pushTable(pushes: readonly number[]): string {
  const table = newTable(["Push to applied, with a Receiver", "Pushes", "Median", "Worst"], [1, 2, 3]);
  table.push(["from the start of git push", pushes.length, seconds(median(pushes)), seconds(Math.max(...pushes))]);
  return table.toString();
}

/** The middle one; of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

function newTable(head: string[], right: readonly number[]): Table.Table {
  const colAligns = head.map((_, index): Table.HorizontalAlignment => (right.includes(index) ? "right" : "left"));
  return new Table({ head, colAligns, style: { head: [], border: [] } });
}

function seconds(value: number, digits = value < 1 ? 2 : 1): string {
  return `${value.toFixed(digits)} s`;
}

/** Whole, or with one digit where a share of something was counted. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
