import module from "node:module";
import { dirname, join } from "node:path";
import { Compiled } from "./compiled.mjs";

/**
 * Has the code kept that V8 compiles for packages: compiling costs a third of what loading them costs.
 * @param folder of the cache
 */
export function keepCompiledModules(folder, cache) {
  if (module.enableCompileCache === undefined) compileByScripts(new Compiled(cache, `modules-${process.version}`));
  else module.enableCompileCache(join(folder, "node"));
}

/** Node 20 has no cache of its own. Its modules are compiled as it does, by scripts whose code is kept. */
function compileByScripts(compiled) {
  const compile = module.prototype._compile;
  module.prototype._compile = function (text, filename) {
    // A few modules import others by `import()`, which means something else in a script.
    if (text.includes("import(")) return compile.call(this, text, filename);
    const run = compiled.function(text.replace(/^#!.*/, ""), filename);
    return run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
}

/** The `require` of a module. */
function requireOf(parent) {
  const require = (id) => parent.require(id);
  const resolve = (request, options) => module._resolveFilename(request, parent, false, options);
  resolve.paths = (request) => module._resolveLookupPaths(request, parent);
  return Object.assign(require, {
    resolve,
    main: process.mainModule,
    extensions: module._extensions,
    cache: module._cache,
  });
}
