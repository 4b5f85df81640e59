#!/usr/bin/env node
/** The `fleet` command. */
import { endProcess } from "./end-process.mjs";
import { runCommand } from "./run-command.mjs";
import { runInChild } from "./run-in-child.mjs";

const args = process.argv.slice(2);
const before = performance.now();
await import("./installed.mjs");
// An installation of packages must not take the time in which clusters answer.
const isNew = performance.now() - before > 2000;
// A debugger and a profiler look at one process, and write their files at its end.
const isWatched = /--(?:inspect|cpu-prof|heap-prof|prof)\b/.test(
  [...process.execArgv, process.env.NODE_OPTIONS].join(" "),
);
// A look at the fleet has to end in time, whatever does not answer.
if (args[0] === "status" && !isWatched) {
  await runInChild(args, isNew ? { startedAt: Date.now() } : {});
} else {
  await runCommand(args);
  await endProcess();
}
