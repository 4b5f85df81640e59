import { median } from "../../bench/median.js";
import { newTable } from "../../bench/table.js";
import type { ProcessTimes } from "./measured-program.js";

/** The measured times. */
export interface StartResult {
  readonly tenants: number;
  /** Resources that the program registered. */
  readonly resources: number;
  /** Milliseconds that loading Pulumi's packages alone took, of each run. */
  readonly packages: readonly number[];
  /** Runs without a cache. */
  readonly first: readonly ProcessTimes[];
  /** Runs with the cache of an earlier one. */
  readonly later: readonly ProcessTimes[];
}

/** The program's start takes at most so many times what loading its packages takes. */
export const goal = 1.3;

/** The result for people: medians, their ratio to the packages alone, and whether the goal is met. */
export function renderStart({ tenants, resources, packages, first, later }: StartResult): string {
  const least = median(packages);
  const start = median(later.map((run) => run.first));
  const whole = median(later.map((run) => run.end));
  const table = newTable(["Processor time of Node", "Median", "Ratio", "Goal"], [1, 2, 3]);
  const ratio = (time: number) => `${(time / least).toFixed(2)}×`;
  const goalText = `≤ ${goal}×, ${start / least <= goal ? "met" : "not met"}`;
  const withoutCache = median(first.map((run) => run.first));
  table.push(
    ["Pulumi's SDK and three packages, loaded alone", milliseconds(least), "", ""],
    ["program, to its first registration", milliseconds(start), ratio(start), goalText],
    ["the same without a cache, esbuild's own process apart", milliseconds(withoutCache), ratio(withoutCache), ""],
    [`program, with its ${resources} registrations`, milliseconds(whole), ratio(whole), ""],
    ["one registration", milliseconds((whole - start) / resources, 2), "", ""],
  );
  return `${tenants} tenants, medians of ${later.length} runs, Node.js ${process.version}\n\n${table}\n`;
}

function milliseconds(time: number, digits = 0): string {
  return `${time.toFixed(digits)} ms`;
}
