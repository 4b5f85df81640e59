import { createHash } from "node:crypto";
import { Script } from "node:vm";

/**
 * Scripts that V8 need not compile again: their code is kept in a file of the cache. Whatever V8 refuses, because it is of
 * another text or of another V8, is compiled as without a cache.
 */
export class Compiled {
  #cache;
  #name;
  /** Code in the file, by the name of the script. */
  #known;
  /** Scripts of this run, and code of scripts that this run did not need. */
  #scripts = new Map();
  #hasNew = false;

  constructor(cache, name) {
    this.#cache = cache;
    this.#name = name;
    this.#known = read(cache.read(name));
    process.on("exit", (code) => {
      // A run that failed has compiled only a part.
      if (code === 0 && this.#hasNew) this.#write();
    });
  }

  /**
   * The function of a CommonJS module.
   * @param name of the script, in stack traces and in the file. V8 keeps it with the code, which copies of a checkout share, so the
   *   name of their bundle has no path
   * @see https://nodejs.org/api/modules.html#the-module-wrapper
   */
  function(text, name) {
    const digest = createHash("sha256").update(text).digest("base64");
    const known = this.#known.get(name);
    const cachedData = known?.digest === digest ? known.data : undefined;
    const script = moduleScript(name, text, cachedData);
    const isKept = cachedData !== undefined && !script.cachedDataRejected;
    if (!isKept) this.#hasNew = true;
    this.#scripts.set(name, { digest, script, data: isKept ? cachedData : undefined });
    return script.runInThisContext();
  }

  #write() {
    const all = [...new Map([...this.#known, ...this.#scripts])].map(([name, { digest, script, data }]) => {
      return { name, digest, data: data ?? script.createCachedData() };
    });
    const index = Buffer.from(JSON.stringify(all.map(({ name, digest, data }) => [name, digest, data.length])));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(index.length);
    this.#cache.write(this.#name, Buffer.concat([length, index, ...all.map(({ data }) => data)]));
  }
}

/**
 * A script whose value is the function of a CommonJS module. The module has no `import()`: Node 20 has none for scripts whose
 * code was kept.
 * @param cachedData code that V8 need not compile again. @default none
 */
export function moduleScript(filename, text, cachedData) {
  // The first line is not the module's own. Positions begin after it.
  return new Script(`(function (exports, require, module, __filename, __dirname) {\n${text}\n})`, {
    filename,
    lineOffset: -1,
    cachedData,
  });
}

/** The code of each script in a file. */
function read(content) {
  if (content === undefined) return new Map();
  let start = 4 + content.readUInt32LE(0);
  const index = JSON.parse(content.toString("utf8", 4, start));
  return new Map(
    index.map(([name, digest, length]) => {
      const data = content.subarray(start, start + length);
      start += length;
      return [name, { digest, data }];
    }),
  );
}
