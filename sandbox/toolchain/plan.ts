import { join } from "node:path";
import { cacheDirectory } from "./cache.js";
import { findGo, type Go } from "./go.js";
import { keyedParts, type Part, toolchainKey } from "./part.js";
import type { BuildProgress } from "./progress.js";
import { recipes as allRecipes, type Recipe } from "./recipes.js";
import { findSupplied } from "./supplied-parts.js";
import { partsNamed } from "./wanted-parts.js";

/** Real parts, ready to run. */
export interface Toolchain {
  /** sha256 over everything that determines the parts. */
  readonly key: string;
  /** Directory of all of them. */
  readonly dir: string;
  /** Directory of the programs, as far as they were asked for: `pulumi`, `kubectl`, `flux`, `etcd`, `kube-apiserver`, the controllers, `kwok`. */
  readonly bin: string;
  /** Pulumi plugins, laid out as `$PULUMI_HOME/plugins`: `resource-NAME-vVERSION/pulumi-resource-NAME`. */
  readonly plugins: string;
  /** Flux install manifests: `VERSION/install.yaml`. */
  readonly manifests: string;
}

/** All optional: the defaults are what everyone but a test wants. */
export interface ToolchainOptions {
  /** Called with the progress of a build. @default none */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Names of the parts that must be there. @default all parts */
  readonly parts?: readonly string[];
  /** Environment: PATH to find go and git, FLEET_TOOLCHAIN_CACHE, FLEET_PARTS. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** The parts that there are. @default all parts of the sandbox */
  readonly recipes?: readonly Recipe[];
  /** Folder that holds the module folders. @default this file's own */
  readonly source?: string;
}

/** The parts of a toolchain, and their places in the cache. */
export interface Plan {
  readonly go: Go;
  /** Folder that holds the module folders. */
  readonly source: string;
  /** Directory of everything cached, for all checkouts. */
  readonly cache: string;
  /** All parts. The toolchain's key covers them, whichever are wanted. */
  readonly parts: readonly Part[];
  /** The parts that must be there. */
  readonly wanted: readonly Part[];
  /** One line for each program of FLEET_PARTS that is a wanted part: used, or why not. */
  readonly notes: readonly string[];
  readonly toolchain: Toolchain;
}

/**
 * Finds the tools and works out the keys; builds nothing.
 * @throws ToolchainError when go or git is missing or too old, a part is unknown, or FLEET_PARTS cannot be used
 */
export async function planToolchain({
  parts: names,
  environment = process.env,
  recipes = allRecipes,
  source = import.meta.dirname,
}: ToolchainOptions): Promise<Plan> {
  const cache = cacheDirectory(environment);
  const go = await findGo(environment);
  const { parts: supplied, notes: allNotes } = await findSupplied(environment, recipes);
  const parts = await keyedParts({ recipes, go, source, cache, supplied });
  const key = toolchainKey(parts);
  const dir = join(cache, key.slice(0, 20));
  const [bin, plugins, manifests] = [join(dir, "bin"), join(dir, "plugins"), join(dir, "manifests")];
  const wanted = partsNamed(parts, names);
  const isWanted = (name: string) => wanted.some(({ recipe }) => recipe.name === name);
  const notes = allNotes.flatMap(({ part, text }) => (isWanted(part) ? [text] : []));
  return { go, source, cache, parts, wanted, notes, toolchain: { key, dir, bin, plugins, manifests } };
}
