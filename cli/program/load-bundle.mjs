import { createRequire } from "node:module";
import { join } from "node:path";
import { withBundlingNotice } from "./bundling-notice.mjs";
import { Cache } from "./cache.mjs";
import { Compiled } from "./compiled.mjs";
import { Positions } from "./positions.mjs";
import { programBundle } from "./program-bundle.mjs";
import { mapStackTraces } from "./stack-trace.mjs";

/**
 * Loads the command, or a part of it, as one script, whose bundle and code are kept like those of the program.
 * @param root folder of the checkout
 * @param entry path of the first module
 * @returns what the first module exports
 */
export async function loadBundle(root, entry) {
  const cache = new Cache(join(root, "node_modules", ".cache", "fleet", "command"));
  const { code, positions, key } = await withBundlingNotice(() => programBundle({ root, entry, home: root }, cache));
  const file = join(root, entry);
  const script = `fleet:${entry}`;
  let sources;
  const find = (line, column) => {
    sources ??= new Positions(positions);
    return sources.find(line, column);
  };
  mapStackTraces(file, root, find, script);
  const module = { exports: {} };
  const compiled = new Compiled(cache, `${key ?? "last"}.v8`);
  compiled.function(code, script)(module.exports, createRequire(file), module, file, root);
  return module.exports;
}
