#!/usr/bin/env node
/** The `fleet` command. */
import "./installed.mjs";
import { join } from "node:path";

const { loadBundle } = await import("./program/load-bundle.mjs");
const args = process.argv.slice(2);
// A person waits for the command, so it is loaded as one script: Node needs a second for its files. A reviewer waits for
// `diff`, which is a script of its own.
const entry = args[0] === "diff" ? "cli/diff/main.ts" : "cli/fleet.ts";
const { main } = await loadBundle(join(import.meta.dirname, ".."), entry);
process.exitCode = await main(args);
