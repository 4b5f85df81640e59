import { dirname } from "node:path";
import { digestOfInputs, haveChanged } from "./inputs.mjs";

/** Files beside those of the bundle that decide what it holds. */
const bundlers = ["cli/program/bundle.mjs", "cli/program/positions.mjs", "node_modules/esbuild/package.json"];

/**
 * The bundle of a program, from the cache if no input has changed since. The cache names an entry by the digest of all
 * inputs, and so never holds an older program.
 * @param file path of the program
 * @returns as `bundle()`, and the key of the entry. It has none if a file changed meanwhile, or is not below the program
 * @throws SyntaxError like `bundle()`
 */
export async function programBundle(file, cache) {
  const root = dirname(file);
  const keyOf = (files) => {
    if (files.some((name) => name.startsWith(".."))) return undefined;
    return digestOfInputs(root, [...files, ...bundlers], process.versions.node);
  };
  const files = json(cache.read("files"));
  const key = files && keyOf(files);
  const kept = key && read(cache, key);
  if (kept) return { ...kept, key };
  const began = Date.now();
  // Loaded only here, because esbuild itself costs more than all that is read above.
  const { bundle } = await import("./bundle.mjs");
  const made = await bundle(file);
  const madeKey = keyOf(made.files);
  if (madeKey === undefined || haveChanged(root, [...made.files, ...bundlers], began)) return made;
  write(cache, madeKey, made);
  return { ...made, key: madeKey };
}

function read(cache, key) {
  const [code, positions] = ["code", "positions"].map((part) => cache.read(`${key}.${part}`));
  return code && positions && { code: code.toString(), positions };
}

function write(cache, key, { code, positions, files }) {
  cache.write(`${key}.code`, code);
  cache.write(`${key}.positions`, positions);
  cache.write("files", JSON.stringify(files));
  cache.prune();
}

function json(content) {
  return content && JSON.parse(content.toString());
}
