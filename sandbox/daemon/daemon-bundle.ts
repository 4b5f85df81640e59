import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { checkout } from "../state/state-directory.js";

/** Program of a daemon, as it is written. */
const entry = join(import.meta.dirname, "main.ts");
/** Program that runs a bundle. */
const runner = join(import.meta.dirname, "run-bundle.mjs");
/** Folder of the sandbox's sources. */
const sources = join(import.meta.dirname, "..");
/** Folder of the bundles. Who may write here may change the packages, too. */
const bundles = join(checkout, "node_modules", ".cache", "fleet-sandbox");
/** Bundles that are kept: those of former sources belong to no run. */
const mostBundles = 4;
/** Milliseconds after which a half-written file belongs to a run that ended. Writing one takes less than a second. */
const longestWrite = 3_600_000;

/**
 * Arguments of Node for a daemon: its bundle, one file instead of 1,500 modules, each of which a loader of TypeScript would
 * look at. The bundle is made when a source or a package has changed, and again when it is damaged. Where it cannot be kept,
 * the sources run. V8's code of the bundle is kept, too (run-bundle.mjs).
 * @param folder of the bundles. @default in the checkout's packages
 */
export async function daemonProgram(folder = bundles): Promise<readonly string[]> {
  const file = join(folder, `daemon-${digestOfInputs()}.cjs`);
  try {
    if (!isWhole(file)) await once(file);
    return [runner, file];
  } catch (error) {
    // Errors of the file system have a code. Those of the bundler do not.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return ["--import", createRequire(import.meta.url).resolve("tsx/esm"), entry];
  }
}

/** Whether a bundle is there as it was written. Node would run the rest of one that was cut off. */
function isWhole(file: string): boolean {
  if (!existsSync(file)) return false;
  const content = readFileSync(file);
  const text = content.subarray(content.indexOf("\n") + 1);
  return content.equals(withDigest(text));
}

/** A bundle behind a comment with its digest. */
function withDigest(text: Uint8Array): Buffer {
  const digest = createHash("sha256").update(text).digest("hex");
  return Buffer.concat([Buffer.from(`// SHA-256 of the other lines: ${digest}\n`), text]);
}

/** The digest of what decides the bundle: the sandbox's sources, where they lie, the installed packages, and Node. */
function digestOfInputs(): string {
  const hash = createHash("sha256").update(JSON.stringify([checkout, process.version]));
  const installed = join(checkout, "node_modules", ".package-lock.json");
  for (const file of [...sourceFiles(), installed]) {
    const content = readFileSync(file);
    hash.update(`\0${relative(checkout, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 20);
}

/** All sources but the tests, sorted. */
function sourceFiles(): string[] {
  return readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?[jt]s$/.test(name) && !name.startsWith("test/") && !name.includes("node_modules"))
    .sort()
    .map((name) => join(sources, name));
}

/** Bundles that are being made: two daemons are often started at once. */
const making = new Map<string, Promise<void>>();

function once(file: string): Promise<void> {
  const made = making.get(file) ?? make(file).finally(() => making.delete(file));
  making.set(file, made);
  return made;
}

/** Makes a bundle, under another name first: a run beside this one finds a whole one or none. */
async function make(file: string): Promise<void> {
  // Loaded only here: esbuild itself costs more than the digest.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    // Its native part is found by its own folder.
    external: ["ssh2"],
    platform: "node",
    format: "cjs",
    // A kept script has no `import()` with Node 20.
    supported: { "dynamic-import": false },
    target: `node${process.versions.node}`,
    keepNames: true,
    plugins: [places],
    write: false,
    logLevel: "silent",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`${entry} has no bundle.`);
  mkdirSync(dirname(file), { recursive: true });
  keep(file, withDigest(bundle.contents));
  removeOldest(dirname(file));
}

/** Writes a file under a name of its own first: containers that share a folder may have the same process ids. */
function keep(file: string, content: Uint8Array): void {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, content, { mode: 0o600 });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Has each module know the folder and the URL of its source: scripts and recipes lie there. */
const places: Plugin = {
  name: "places",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href));
      return { loader: "ts", contents };
    });
  },
};

/** Deletes the oldest bundles, each with V8's code of it, and files that ended runs left half written. */
function removeOldest(folder: string): void {
  const files = readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    // A run beside this one may have deleted it.
    const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return written === undefined ? [] : [{ file, written }];
  });
  const ages = files.filter(({ file }) => /\.[cm]js$/.test(file)).sort((a, b) => b.written - a.written);
  const oldest = ages.slice(mostBundles).flatMap(({ file }) => [file, `${file}.v8`]);
  const partial = files.filter(({ file, written }) => file.endsWith(".partial") && written < Date.now() - longestWrite);
  for (const file of [...oldest, ...partial.map(({ file }) => file)]) rmSync(file, { force: true });
}
