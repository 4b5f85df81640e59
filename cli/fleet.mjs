#!/usr/bin/env node
/** The `fleet` command. */
import { endProcess } from "./end-process.mjs";
import { runCommand } from "./run-command.mjs";
import { runInChild } from "./run-in-child.mjs";

const args = process.argv.slice(2);
// A look at the fleet has to end in time, whatever does not answer.
if (args[0] === "status") {
  await runInChild(args);
} else {
  await import("./installed.mjs");
  await runCommand(args);
  await endProcess();
}
