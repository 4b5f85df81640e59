import { InvalidArgumentError } from "commander";

/** Reads an option that is a number of days: `90d`. */
export function days(text: string): number {
  const [, count] = /^([0-9]{1,5})d$/.exec(text) ?? [];
  if (count !== undefined) return Number(count);
  throw new InvalidArgumentError("It must be a number of days, such as 90d.");
}
