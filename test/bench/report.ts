import { isKept } from "./budgets.js";
import { median } from "./median.js";
import { renderPeer } from "./peer/report.js";
import type { BenchResult, DiffCosts, Goal, LiveDiffCosts, OneTenantChange, Size, Timing } from "./result.js";
import { newTable, seconds } from "./table.js";

/** The result for people. */
export function renderReport(result: BenchResult): string {
  const { tenants, date, machine, load, growth = [], oneTenant = [], pushes = [], diff = [], liveDiff, peer } = result;
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
    ...(oneTenant.length === 0 ? [] : ["", oneTenantTable(oneTenant)]),
    ...(pushes.length === 0 ? [] : ["", pushTable(pushes)]),
    ...(diff.length === 0 ? [] : ["", diffTable(diff)]),
    ...(liveDiff === undefined ? [] : ["", liveDiffText(liveDiff)]),
    ...(peer === undefined ? [] : ["", renderPeer(peer)]),
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

/** Wall time and processor time of a change, for the whole stack and for the tenant alone. */
export function oneTenantTable(changes: readonly OneTenantChange[]): string {
  const head = ["Tenants", "Change of one tenant", "Wall", "Processor", "Share of wall", "of processor"];
  const table = newTable(head, [0, 2, 3, 4, 5]);
  for (const { tenants, whole, limited } of changes) {
    const share = (part: number, all: number): string => (all === 0 ? "-" : `${Math.round((100 * part) / all)} %`);
    table.push([tenants, "pulumi up", seconds(whole.seconds), seconds(whole.processorSeconds), "-", "-"]);
    table.push([
      tenants,
      "fleet up --tenant",
      seconds(limited.seconds),
      seconds(limited.processorSeconds),
      share(limited.seconds, whole.seconds),
      share(limited.processorSeconds, whole.processorSeconds),
    ]);
  }
  return table.toString();
}

function pushTable(pushes: readonly number[]): string {
  const table = newTable(["Push to applied, with a Receiver", "Pushes", "Median", "Worst"], [1, 2, 3]);
  table.push(["from the start of git push", pushes.length, seconds(median(pushes)), seconds(Math.max(...pushes))]);
  return table.toString();
}

/** Time and memory of a review, for the first time on a machine and for later ones. */
export function diffTable(diff: readonly DiffCosts[]): string {
  const head = ["fleet diff of 3 stacks of 30 tenants", "Wall", "Goal", "Processor", "Memory", "Characters"];
  const table = newTable(head, [1, 2, 3, 4, 5]);
  for (const [index, one] of diff.entries()) {
    const what = index === 0 ? "for the first time" : "with the bundles that are kept";
    const memory = `${Math.round(1024 * one.memory)} MiB`;
    table.push([what, seconds(one.seconds), "≤ 5 s", seconds(one.processorSeconds), memory, one.characters]);
  }
  return table.toString();
}

/** Time and memory of a review against the real world, beside the preview that it makes. */
export function liveDiffText({ tenants, previewSeconds, seconds: whole, peakMemory }: LiveDiffCosts): string {
  const share = (whole / previewSeconds).toFixed(2);
  return `fleet diff --live, 1 stack of ${tenants} tenants: ${seconds(whole)}, pulumi preview ${seconds(previewSeconds)}, ${share} times; ${Math.round(peakMemory)} MiB without the engine`;
}

/** Whole, or with one digit where a share of something was counted. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
