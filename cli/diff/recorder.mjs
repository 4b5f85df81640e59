/**
 * Records the stacks of one revision, in a process of its own. Its standard input names the bundle of the revision's
 * recorder, which the command has made.
 *
 * The code of a revision may be anyone's, so this process keeps nothing for later ones: neither bundles nor V8's code.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { moduleScript } from "../program/compiled.mjs";
import { speedUpStructs } from "../program/fast-structs.mjs";
import { loadLazily } from "../program/lazy-modules.mjs";
import { Positions } from "../program/positions.mjs";
import { quietSdk } from "../program/quiet-sdk.mjs";
import { mapStackTraces } from "../program/stack-trace.mjs";
import { speedUpInputs } from "./fast-inputs.mjs";
import { speedUpResources } from "./fast-resources.mjs";
import { optimizeLess } from "./optimize-less.mjs";
import { refuseSignals } from "./refuse-signals.mjs";

optimizeLess();
const { root, entry, code, positions, out, request } = JSON.parse(await text(process.stdin));
const file = join(root, entry);
loadLazily();
speedUpStructs({ isSent: false });
quietSdk({});
speedUpInputs();
speedUpResources();
let sources;
mapStackTraces(file, root, (line, column) => {
  sources ??= new Positions(readFileSync(positions));
  return sources.find(line, column);
});
refuseSignals();

const program = { exports: {} };
const run = moduleScript(file, readFileSync(code, "utf8")).runInThisContext();
run(program.exports, createRequire(file), program, file, root);
writeFileSync(out, JSON.stringify(await program.exports.recordRevision(root, request)));
