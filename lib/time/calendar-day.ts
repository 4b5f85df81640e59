const dayLength = 24 * 60 * 60 * 1000;

/** A day of the calendar: `2027-01-31`. */
export const DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/** Whether the calendar has this day. */
export function isDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes some days that no calendar has for the next month.
  return new RegExp(DAY_PATTERN).test(text) && !Number.isNaN(instant) && dayOf(instant) === text;
}

/** The day of an instant in UTC. @param instant in milliseconds since 1970 */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The days from one day to another; negative when the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayLength);
}
