import { digestOfInputs, haveChanged } from "./inputs.mjs";

/** Files of the bundler, which decide what a bundle holds beside the files of the program. */
const bundlers = ["cli/program/bundle.mjs", "cli/program/positions.mjs", "node_modules/esbuild/package.json"];
/** Kept lists of a program's files: revisions that are compared may differ in theirs. */
const mostLists = 4;

/**
 * The bundle of a program, from the cache if no input has changed since. The cache names an entry by the digest of all
 * inputs, and so never holds an older program, nor that of another revision.
 * @param root folder of the program
 * @param entry path of its first module in the folder
 * @param home folder of this project, whose bundler runs. The program may be of another revision, in another folder
 * @param isPrivate whether nothing else writes to the program's folder. @default false
 * @returns as `bundle()`, and the key of the entry. It has none if a file changed meanwhile, or is not below the folder
 * @throws SyntaxError like `bundle()`
 */
export async function programBundle({ root, entry, home, isPrivate = false }, cache) {
  const bundler = [process.versions.node, entry, digestOfInputs(home, bundlers, "")];
  const keyOf = (files) => {
    if (files.some((name) => name.startsWith(".."))) return undefined;
    return digestOfInputs(root, files, bundler);
  };
  const listsName = `${entry.replaceAll("/", "-")}.files`;
  const readLists = () => json(cache.read(listsName)) ?? [];
  for (const files of readLists()) {
    const key = keyOf(files);
    const kept = key && read(cache, key);
    if (kept) return { ...kept, files, key };
  }
  const began = Date.now();
  // Loaded only here, because esbuild itself costs more than all that is read above.
  const { bundle } = await import("./bundle.mjs");
  const made = await bundle(root, entry);
  const madeKey = keyOf(made.files);
  const isUnsure = haveChanged(home, bundlers, began) || (!isPrivate && haveChanged(root, made.files, began));
  if (madeKey === undefined || isUnsure) return made;
  write(cache, madeKey, made);
  // Read again: another revision may have been bundled meanwhile.
  const others = readLists().filter((files) => files.join() !== made.files.join());
  cache.write(listsName, JSON.stringify([made.files, ...others].slice(0, mostLists)));
  cache.prune();
  return { ...made, key: madeKey };
}

function read(cache, key) {
  const [code, positions] = ["code", "positions"].map((part) => cache.read(`${key}.${part}`));
  return code && positions && { code: code.toString(), positions };
}

function write(cache, key, { code, positions }) {
  cache.write(`${key}.code`, code);
  cache.write(`${key}.positions`, positions);
}

function json(content) {
  return content && JSON.parse(content.toString());
}
