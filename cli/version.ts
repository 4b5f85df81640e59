import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./checkout.js";

/** The project's version, as package.json has it: `0.1.0`. */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string };
  return version;
}
