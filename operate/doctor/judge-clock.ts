import type { Check } from "./check.js";

/** Seconds from which a clock is wrong: tokens and certificates begin and end by it, and so do soaks and freezes. */
const mostSeconds = 60;

/** The answer of a server with its time. */
export interface ServerTime {
  /** The time of the server, as its header says it. Undefined without the header. */
  readonly date: string | undefined;
  /** Time of this machine when the answer came, in milliseconds since 1970. */
  readonly now: number;
}

/** Compares this machine's clock with that of a server. */
export function judgeClock(area: Check["area"], { date, now }: ServerTime): Check {
  const name = "clock";
  const instant = Date.parse(date ?? "");
  if (Number.isNaN(instant)) return { area, name, result: "warning", detail: "the server does not tell its time" };
  const seconds = Math.round((now - instant) / 1000);
  const difference = `this machine is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} the server`;
  if (Math.abs(seconds) < mostSeconds) return { area, name, result: "ok", detail: difference };
  const fix = "Set the clock of this machine by NTP, or have the server's clock set";
  return { area, name, result: "problem", detail: difference, fix };
}
