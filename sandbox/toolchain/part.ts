import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { chartCode } from "./build-chart.js";
import type { Go } from "./go.js";
import type { Recipe } from "./recipes.js";

/** A recipe together with the place of its result in the cache. */
export interface Part {
  readonly recipe: Recipe;
  /** sha256 over everything that determines the result, hexadecimal. */
  readonly key: string;
  /** Directory of the result; it exists exactly when the part is finished. */
  readonly dir: string;
  /** The result itself, in that directory. */
  readonly file: string;
  /** The program of this machine that takes the place of a build. @default none */
  readonly supplied?: Supplied;
}

/** A program that the machine has already, at the wanted version (`FLEET_PARTS`). */
export interface Supplied {
  readonly file: string;
  /** sha256 of its content, hexadecimal. */
  readonly digest: string;
}

/**
 * The parts in the order of the table, each with its key: the same inputs give the same key on every machine, and any
 * change of one gives another. The inputs are the recipe, Go's settings, the module folder's go.mod, go.sum and Go
 * sources, the keys of the parts that it needs, and, for what this folder's own code generates, that code. The inputs of
 * a supplied program are its recipe and its content: it never stands in for a built part, nor do parts made with it.
 *
 * @param args.source folder that holds the module folders
 * @param args.cache the cache directory
 * @param args.supplied programs that take the place of builds, by the name of the part. @default none
 * @throws Error when a recipe needs a part that does not come before it
 */
export async function keyedParts(args: {
  readonly recipes: readonly Recipe[];
  readonly go: Go;
  readonly source: string;
  readonly cache: string;
  readonly supplied?: ReadonlyMap<string, Supplied>;
}): Promise<readonly Part[]> {
  const folders = new Map<string, Promise<Record<string, string>>>();
  const parts = new Map<string, Part>();
  for (const recipe of args.recipes) {
    const folder = folders.get(recipe.module) ?? digests(join(args.source, recipe.module));
    folders.set(recipe.module, folder);
    // The measures of a build do not change what comes out.
    const { coldSeconds, coldPackages, ...definition } = recipe;
    const supplied = args.supplied?.get(recipe.name);
    const built = {
      definition,
      go: args.go.settings,
      folder: await folder,
      needs: (recipe.needs ?? []).map((name) => needed(parts, recipe.name, name).key),
      code: await generatorDigest(recipe),
    };
    const key = sha256(JSON.stringify(supplied === undefined ? built : { definition, supplied: supplied.digest }));
    const dir = join(args.cache, "parts", `${recipe.name}-${key.slice(0, 20)}`);
    const part = { recipe, key, dir, file: join(dir, basename(recipe.output)) };
    parts.set(recipe.name, supplied === undefined ? part : { ...part, supplied });
  }
  return [...parts.values()];
}

/** The key of a whole toolchain: of all its parts. */
export function toolchainKey(parts: readonly Part[]): string {
  return sha256(JSON.stringify(parts.map(({ recipe, key }) => [recipe.output, key])));
}

/** A part that must have come before, by name. */
export function needed(parts: ReadonlyMap<string, Part>, wanting: string, name: string): Part {
  const part = parts.get(name);
  if (part === undefined) {
    throw new Error(`recipes.ts: ${wanting} needs ${name}, which does not come before it in the table`);
  }
  return part;
}

/** Digest of each file that a build by the Go command reads from a module folder. */
async function digests(folder: string): Promise<Record<string, string>> {
  const isRead = (name: string) => /(^|\/)go\.(mod|sum)$|(?<!_test)\.go$/.test(name);
  const names = (await readdir(folder, { recursive: true })).filter(isRead);
  const entries = names.sort().map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function generatorDigest(recipe: Recipe): Promise<string> {
  const files = generatorFiles(recipe);
  if (files.length === 0) return "";
  return sha256(Buffer.concat(await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file))))));
}

/** The files of this folder whose code generates a part, or files of it. */
function generatorFiles(recipe: Recipe): readonly string[] {
  if (recipe.kind === "chart") return chartCode;
  if (recipe.kind === "flux-manifests") return ["build-flux-manifests.ts"];
  return recipe.embeds === undefined ? [] : ["build-go.ts"];
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
