import type { Budget } from "./budgets.js";
import type { PeerResult } from "./peer/samples.js";
import type { Phase } from "./phases.js";

/** One thing that was timed, beside the least that it could take. */
export interface Timing {
  readonly what: string;
  /** Seconds. */
  readonly measured: number;
  /** Seconds of the floor, and what of. @default none: nothing comparable */
  readonly floor?: { readonly seconds: number; readonly of: string };
}

/** A measure with a goal that depends on the machine: told, never failed for. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
  readonly unit: "s" | "GiB";
}

/** The cost of a fleet of one size. */
export interface Size {
  readonly tenants: number;
  /** Seconds of the first update. */
  readonly up: number;
  /** Seconds of a preview that finds nothing to do. */
  readonly preview: number;
  readonly resources: number;
  /** GitHub requests of the first update. */
  readonly upRequests: number;
  /** GitHub requests of that preview. */
  readonly previewRequests: number;
}

/** The costs of a job. */
export interface Costs {
  readonly seconds: number;
  /** Processor time of the engine, its plugins and the program. @default 0: the system does not tell */
  readonly processorSeconds: number;
}

/** The change of one tenant in a fleet of one size. */
export interface OneTenantChange {
  readonly tenants: number;
  /** By `pulumi up`. */
  readonly whole: Costs;
  /** By `fleet up --tenant`. */
  readonly limited: Costs;
}

/** The costs of one run of `fleet diff`. */
export interface DiffCosts extends Costs {
  /** GiB: the most that all its processes had at the same time. */
  readonly memory: number;
  /** Length of the document. */
  readonly characters: number;
}

/** The costs of `npx fleet diff --live` of one stack, beside the engine's own preview of it. */
export interface LiveDiffCosts {
  readonly tenants: number;
  readonly previewSeconds: number;
  readonly seconds: number;
  /** Most resident memory of the command without the engine, MiB. On Linux; elsewhere 0. */
  readonly peakMemory: number;
}

/** All that a run found out. */
export interface BenchResult {
  readonly tenants: number;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  /** The machine's load average before the run: from about half its processors on, others slow down what is measured. */
  readonly load: number;
  readonly timings: readonly Timing[];
  readonly phases: readonly Phase[];
  readonly budgets: readonly Budget[];
  /** Counts without a budget. */
  readonly counts: Readonly<Record<string, number>>;
  readonly goals: readonly Goal[];
  /** @default none: growth was not measured */
  readonly growth?: readonly Size[];
  /** @default none: it was not measured */
  readonly oneTenant?: readonly OneTenantChange[];
  /** Seconds from a push until it was applied, with a webhook. @default none: pushes were not measured */
  readonly pushes?: readonly number[];
  /** `fleet diff`: for the first time, and again. @default none: it was not measured */
  readonly diff?: readonly DiffCosts[];
  /** `fleet diff --live`. @default none: it was not measured */
  readonly liveDiff?: LiveDiffCosts;
  /** @default none: no peer was measured */
  readonly peer?: PeerResult;
}
