/**
 * Preload of the Pulumi program: bundles index.ts and what it imports, so that Node loads one script instead of 500 modules.
 * The bundle and V8's code of it are kept in node_modules/.cache/fleet, as long as no file changes. Without a cache, the
 * program starts more slowly.
 */
import { realpathSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Cache } from "./cache.mjs";
import { keepCompiledModules } from "./compile-modules.mjs";
import { Compiled } from "./compiled.mjs";
import { speedUpStructs } from "./fast-structs.mjs";
import * as hook from "./hook.mjs";
import { loadLazily } from "./lazy-modules.mjs";
import { Positions } from "./positions.mjs";
import { programBundle } from "./program-bundle.mjs";
import { quietSdk } from "./quiet-sdk.mjs";
import { mapStackTraces } from "./stack-trace.mjs";

const file = realpathSync("index.ts");
const root = dirname(file);
/** Name of the bundle's script. */
const script = "fleet:index.ts";
const folder = join(root, "node_modules", ".cache", "fleet");
const cache = new Cache(folder);
keepCompiledModules(folder, cache);
loadLazily();
speedUpStructs();
replace(pathToFileURL(file).href, await sourceOf(file));

/** The source of a module that stands in the place of the program. Pulumi calls its default export. */
async function sourceOf(file) {
  try {
    const { code, positions, key } = await programBundle({ root, entry: "index.ts", home: root }, cache);
    const sources = lazy(() => new Positions(positions));
    mapStackTraces(file, root, (line, column) => sources().find(line, column), script);
    globalThis[Symbol.for("fleet.program")] = () => run(code, new Compiled(cache, `${key ?? "last"}.v8`));
    return 'export default globalThis[Symbol.for("fleet.program")];';
  } catch (error) {
    if (error.name !== "SyntaxError") throw error;
    // Pulumi shows a SyntaxError of the program without a stack.
    return `throw new SyntaxError(${JSON.stringify(error.message)});`;
  }
}

/**
 * Runs the bundle and what it exports, and returns the stack's outputs.
 * @throws TypeError for a program that exports no function: Pulumi would take it for one without resources
 */
function run(code, compiled) {
  // Not before: the SDK loads its tracing first.
  quietSdk(process.env);
  const program = { exports: {} };
  compiled.function(code, script)(program.exports, createRequire(file), program, file, root);
  const main = program.exports.default;
  if (typeof main !== "function") throw new TypeError("index.ts must export a function by default");
  return main();
}

function replace(url, source) {
  if (module.registerHooks === undefined) {
    // Node 20 has only hooks in a thread of their own.
    module.register("./hook.mjs", import.meta.url, { data: { url, source } });
  } else {
    hook.initialize({ url, source });
    module.registerHooks(hook);
  }
}

function lazy(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}
