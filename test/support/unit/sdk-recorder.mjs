/**
 * Records the stacks of a revision as cli/diff/recorder.mjs does, by Pulumi's SDK as it is: `node sdk-recorder.mjs plain`. With
 * `preload` in place of `plain`, by the SDK that the preload of the program has sped up. The standard input is that of the
 * recorder, without positions.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { moduleScript } from "../../../cli/program/compiled.mjs";
import { speedUpStructs } from "../../../cli/program/fast-structs.mjs";
import { loadLazily } from "../../../cli/program/lazy-modules.mjs";
import { quietSdk } from "../../../cli/program/quiet-sdk.mjs";

const { root, entry, code, out, request } = JSON.parse(await text(process.stdin));
if (process.argv[2] === "preload") {
  loadLazily();
  speedUpStructs();
  quietSdk({});
}
const file = join(root, entry);
const program = { exports: {} };
const run = moduleScript(file, readFileSync(code, "utf8")).runInThisContext();
run(program.exports, createRequire(file), program, file, root);
writeFileSync(out, JSON.stringify(await program.exports.recordRevision(root, request)));
