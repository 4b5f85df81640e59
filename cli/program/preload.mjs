/**
 * Preload of the Pulumi program: bundles index.ts and what it imports in memory, at every start, so that the bundle is
 * never older than a file. Node loads one module then instead of 220. Packages are not part of the bundle.
 */
import { realpathSync } from "node:fs";
import module from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { build, formatMessages } from "esbuild";
import { speedUpStructs } from "./fast-structs.mjs";
import * as hook from "./hook.mjs";
import { loadLazily } from "./lazy-modules.mjs";
import { mapStackTraces } from "./stack-trace.mjs";

loadLazily();
speedUpStructs();
const file = realpathSync("index.ts");
const url = pathToFileURL(file).href;
/**
 * Loads Pulumi's packages by `require`. By `import`, Node would read each of their exports, and so load the file of each
 * kind of resource.
 */
const pulumiByRequire = {
  name: "pulumi-by-require",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@pulumi\// }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: "required" },
    );
    onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => {
      return { contents: `module.exports = require(${JSON.stringify(path)});` };
    });
  },
};
const banner = [
  'import { createRequire as requireOfBundle } from "node:module";',
  "const require = requireOfBundle(import.meta.url);",
  // The SDK replaces the mapping of stack traces when it starts, so the program sets it again.
  'globalThis[Symbol.for("fleet.mapStackTraces")]();',
].join(" ");
const bundle = { url, source: await bundled() };
if (module.registerHooks === undefined) {
  // Node 20 has only hooks in a thread of their own.
  module.register("./hook.mjs", import.meta.url, { data: bundle });
} else {
  hook.initialize(bundle);
  module.registerHooks(hook);
}

/** The bundle's text. A file that cannot be parsed or found becomes a SyntaxError, which Pulumi shows without a stack. */
async function bundled() {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      outdir: dirname(file),
      bundle: true,
      packages: "external",
      plugins: [pulumiByRequire],
      platform: "node",
      format: "esm",
      target: `node${process.versions.node}`,
      keepNames: true,
      sourcemap: "external",
      sourcesContent: false,
      banner: { js: banner },
      write: false,
      logLevel: "silent",
    });
    const [map, code] = outputFiles;
    globalThis[Symbol.for("fleet.mapStackTraces")] = () => mapStackTraces(url, dirname(file), JSON.parse(map.text));
    return code.text;
  } catch (error) {
    if (error.errors === undefined) throw error;
    const messages = await formatMessages(error.errors, { kind: "error" });
    return `throw new SyntaxError(${JSON.stringify(messages.join("").trim())});`;
  }
}
