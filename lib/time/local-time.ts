const second = 1000;
const day = 24 * 60 * 60 * second;

/** A local date and time without seconds: `2026-12-24T18:00`. YAML reads one with seconds as a timestamp, not as a text. */
export const LOCAL_TIME_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$";

/** The instants that a local time may mean, in milliseconds since 1970. They differ where clocks are turned. */
export interface Instants {
  readonly earliest: number;
  readonly latest: number;
}

/** Whether this version of Node knows a time zone by this name: `Europe/Berlin`, `UTC`. */
export function isTimeZone(name: string): boolean {
  // Node also takes offsets, which no one can tell from a zone with summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return clockOf(name) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The instants of a local time in a time zone. An hour that comes twice has two; of an hour that is left out, these are
 * the two by the time before and after. Undefined when there is no such date or time.
 */
export function instantsOf(local: string, timeZone: string): Instants | undefined {
  const asUtc = utcOf(local);
  if (asUtc === undefined) return undefined;
  // No zone turns its clocks twice within two days.
  const offsets = [asUtc - day, asUtc + day].map((near) => offsetAt(near, timeZone));
  const candidates = offsets.map((offset) => asUtc - offset);
  const exact = candidates.filter((instant) => instant + offsetAt(instant, timeZone) === asUtc);
  const found = exact.length > 0 ? exact : candidates;
  return { earliest: Math.min(...found), latest: Math.max(...found) };
}

/** An instant as a text in UTC, without fractions of a second: `2026-12-24T17:00:00Z`. */
export function utcText(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}

function utcOf(local: string): number | undefined {
  if (!new RegExp(LOCAL_TIME_PATTERN).test(local)) return undefined;
  const instant = Date.parse(`${local}:00Z`);
  // Date.parse takes some dates that no calendar has for the next month.
  return Number.isNaN(instant) || !utcText(instant).startsWith(local) ? undefined : instant;
}

/** The difference of a zone's clocks from UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const field = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, date] = [field("year"), field("month"), field("day")];
  const shown = Date.UTC(year, month - 1, date, field("hour"), field("minute"), field("second"));
  return shown - Math.floor(instant / second) * second;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const two = "2-digit";
  const fields = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two } as const;
  const clock = new Intl.DateTimeFormat("en-US", { ...fields, timeZone, hourCycle: "h23", calendar: "gregory" });
  clocks.set(timeZone, clock);
  return clock;
}
