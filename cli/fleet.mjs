#!/usr/bin/env node
/** The `fleet` command: installs what is missing and lets Node run TypeScript, then hands over to fleet.ts. */
import { join } from "node:path";
import { ensureInstalled } from "./install.mjs";

const problem = ensureInstalled(join(import.meta.dirname, ".."));
if (problem === undefined) {
  const { register } = await import("tsx/esm/api");
  register();
  const { main } = await import("./fleet.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
