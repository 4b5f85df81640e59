import type { Machine } from "./schedule.js";

const gibibyte = 2 ** 30;

/** Bytes below which a compiler or linker collects no garbage, where there is enough memory: few packages take more. */
const wanted = 2 * gibibyte;

/**
 * The settings of Go's garbage collector for its compilers and linkers. One that collects nothing takes 8 % less time. Two
 * builds run a compiler on each processor, so each of these gets its share of half of the memory. Where that is less than
 * 1 GiB, a heap of five times the live data costs 4 %.
 */
export function garbageCollection({ processors, availableBytes }: Omit<Machine, "freeDiskBytes">): {
  readonly GOGC: string;
  readonly GOMEMLIMIT?: string;
} {
  const share = availableBytes / 2 / (2 * processors);
  if (share < gibibyte) return { GOGC: "400" };
  return { GOGC: "off", GOMEMLIMIT: `${Math.floor(Math.min(share, wanted) / 2 ** 20)}MiB` };
}
