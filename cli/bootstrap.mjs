/**
 * `node cli/bootstrap.mjs COMMAND ARGUMENT...`: installs what is missing, then runs a command of the packages.
 *
 * npm's own `pre` scripts are no place for this: the project's .npmrc turns scripts off, so that no package runs code
 * when it is installed. `tsx FILE` runs in Node itself; every other command is one of node_modules/.bin.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled } from "./install.mjs";

const root = join(import.meta.dirname, "..");
const given = process.argv.slice(2);
const [command, ...args] = given[0] === "--" ? given.slice(1) : given;

if (command === undefined) {
  process.stderr.write("Usage: node cli/bootstrap.mjs COMMAND ARGUMENT...\n");
  process.exit(2);
}
const problem = ensureInstalled(root);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
run(command, args);

function run(name, rest) {
  const bin = join(root, "node_modules", ".bin");
  const tsx = pathToFileURL(join(root, "node_modules", "tsx", "dist", "loader.mjs")).href;
  const [file, words] = name === "tsx" ? [process.execPath, ["--import", tsx, ...rest]] : [join(bin, name), rest];
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  const forward = (signal) => {
    // A Ctrl-C at a terminal reaches the command by itself; a second one would look like impatience.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  // Before the command is started: a signal in between would end this process and leave the command without it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
  const child = spawn(file, words, { stdio: "inherit", env });

  child.once("error", (error) => {
    process.stderr.write(`${name} cannot be run: ${error.message}\n`);
    process.exit(127);
  });
  child.once("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}
