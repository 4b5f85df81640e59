import { basename, join } from "node:path";
import { copyWritable } from "./cache.js";
import { callGo, downloadModules, type Go } from "./go.js";
import { needed, type Part } from "./part.js";
import type { GoRecipe } from "./recipes.js";

/** What every builder gets. */
export interface BuildContext {
  readonly go: Go;
  /** Folder that holds the module folders. */
  readonly source: string;
  /** Parts that come before this one, by name, all finished. */
  readonly before: ReadonlyMap<string, Part>;
  /** Where the result goes. */
  readonly out: string;
  /** For whatever else is written; deleted afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Told what the command says while it works. */
  readonly onLine: (line: string) => void;
}

/** Builds one Go program with exactly the pinned modules. */
export async function buildGo(recipe: GoRecipe, context: BuildContext): Promise<void> {
  const cwd =
    recipe.embeds === undefined
      ? join(context.source, recipe.module)
      : await withEmbeddedFiles(recipe, recipe.embeds, context);
  const variables = Object.entries(recipe.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  await callGo(
    context.go,
    [
      "build",
      // The pins are not to be touched; no path of this machine, and not the checkout's commit, in the result.
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      // Without symbol table and debug information: a third of the size.
      "-ldflags",
      ["-s", "-w", ...variables].join(" "),
      "-o",
      join(context.out, basename(recipe.output)),
      recipe.package,
    ],
    { cwd, part: `building ${recipe.name} ${recipe.version}`, signal: context.signal, onLine: context.onLine },
  );
}

/**
 * A copy of the module that embeds generated files, with these files in it, to be built as a main module of its own. So
 * its dependencies are exactly upstream's: its go.mod and go.sum are inside what our go.sum pins. Go's `-overlay` would
 * be simpler, but Go refuses to overlay files of its module cache; a `replace` would leave upstream's own replacements
 * and older dependencies out, and with these the flux CLI does not compile.
 */
async function withEmbeddedFiles(
  recipe: GoRecipe,
  embeds: NonNullable<GoRecipe["embeds"]>,
  { go, source, before, scratch, signal }: BuildContext,
): Promise<string> {
  const call = { cwd: join(source, recipe.module), part: `preparing ${recipe.name} ${recipe.version}`, signal };
  const module = (await downloadModules(go, [embeds.module], call)).get(embeds.module);
  if (module?.version !== recipe.version) {
    const pinned = module?.version ?? "nothing";
    throw new Error(`recipes.ts wants ${embeds.module} ${recipe.version}, go.mod of ${recipe.module} pins ${pinned}`);
  }
  const copy = join(scratch, recipe.name);
  await copyWritable(module.dir, copy);
  await copyWritable(join(needed(before, recipe.name, embeds.from).dir, "embed"), join(copy, embeds.folder));
  return copy;
}
