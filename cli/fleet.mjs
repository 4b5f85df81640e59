#!/usr/bin/env node
/** The `fleet` command. */
import "./installed.mjs";
import { join } from "node:path";

const args = process.argv.slice(2);
const { main } = args[0] === "diff" ? await bundledDiff() : await allCommands();
process.exitCode = await main(args);

/** A reviewer waits for this command, so it is loaded as one script. Node needs a second for its 200 files. */
async function bundledDiff() {
  const { loadBundle } = await import("./program/load-bundle.mjs");
  return await loadBundle(join(import.meta.dirname, ".."), "cli/diff/main.ts", import.meta.dirname);
}

async function allCommands() {
  await import("./bootstrap.mjs");
  return await import("./fleet.ts");
}
