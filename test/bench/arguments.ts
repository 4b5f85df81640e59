import { InvalidArgumentError } from "commander";

/** The number of an option: of tenants, pushes or rounds. @throws InvalidArgumentError for anything but 1 to 999 */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 999) throw new InvalidArgumentError("a number from 1 to 999.");
  return value;
}

/** The numbers of an option, separated by commas. @throws InvalidArgumentError as for one number */
export function parseCounts(text: string): number[] {
  return text.split(",").map(parseCount);
}
