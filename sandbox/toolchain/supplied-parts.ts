import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { execa } from "execa";
import { isMissing } from "./cache.js";
import { ToolchainError } from "./error.js";
import type { Supplied } from "./part.js";
import { digestOf } from "./part-record.js";
import type { Recipe } from "./recipes.js";
import { versionChecks, withV } from "./version-checks.js";

/** The variable that names folders with programs, as PATH does. */
export const suppliedVariable = "FLEET_PARTS";

/** ms that a program may take to print its version. */
const timeoutMs = 20_000;

/** Programs of this machine that take the place of builds. */
export interface SuppliedParts {
  /** By the name of the part. */
  readonly parts: ReadonlyMap<string, Supplied>;
  /** One line for each program that was found, by the name of its part: used, or why not. */
  readonly notes: readonly Note[];
}

/** A line about a program that was found. */
export interface Note {
  readonly part: string;
  readonly text: string;
}

/**
 * Looks for parts in the folders of FLEET_PARTS. A program is used if it prints exactly the wanted version; the first
 * such program of a name counts. All others are named in the notes, and the part is built.
 *
 * Each program is run to ask it: the user vouches for these folders.
 * @throws ToolchainError when a folder cannot be used
 */
export async function findSupplied(environment: NodeJS.ProcessEnv, recipes: readonly Recipe[]): Promise<SuppliedParts> {
  const folders = (environment[suppliedVariable] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) await checkFolder(folder);
  const found = await Promise.all(recipes.map((recipe) => search(recipe, folders, environment)));
  const parts = found.flatMap(({ name, supplied }) => (supplied === undefined ? [] : [[name, supplied] as const]));
  return {
    parts: new Map(parts),
    notes: found.flatMap(({ name, notes }) => notes.map((text) => ({ part: name, text }))),
  };
}

interface Found {
  readonly name: string;
  readonly supplied?: Supplied;
  readonly notes: readonly string[];
}

async function search(recipe: Recipe, folders: readonly string[], environment: NodeJS.ProcessEnv): Promise<Found> {
  const { name, version } = recipe;
  const notes: string[] = [];
  if (recipe.kind !== "go") return { name, notes };
  for (const folder of folders) {
    const file = join(folder, basename(recipe.output));
    const reason = await refusal(file, recipe, environment);
    if (reason === undefined) {
      const supplied = { file, digest: await digestOf(file) };
      return { name, supplied, notes: [...notes, `FLEET_PARTS: ${file} is ${name} ${version}, and is used.`] };
    }
    if (reason !== "missing") notes.push(`FLEET_PARTS: ${file} ${reason} ${name} ${version} is built instead.`);
  }
  return { name, notes };
}

/** Why a file cannot be used, as the middle of a sentence; `"missing"`: there is none; `undefined`: it can. */
async function refusal(
  file: string,
  { name, version }: Recipe,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const stats = await statIfPresent(file);
  if (stats === undefined) return "missing";
  if (!stats.isFile()) return "is no file.";
  // A symbolic link can lead to a folder that is not in the list.
  const folder = dirname(await realpath(file));
  const foreign = writableByOthers(stats) ?? writableByOthers(await stat(folder));
  if (foreign !== undefined) return `or its folder ${foreign}.`;
  const check = versionChecks[name];
  if (check === undefined) return "prints no version, so it cannot be checked.";
  const { PATH, HOME, TMPDIR } = environment;
  const { stdout, failed, shortMessage } = await execa(file, check.args, {
    env: { PATH, HOME, TMPDIR, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    stdin: "ignore",
    timeout: timeoutMs,
    forceKillAfterDelay: 1000,
    reject: false,
  });
  if (failed) return `does not print its version (${shortMessage}).`;
  const [, printed] = check.answer.exec(stdout) ?? [];
  if (printed === undefined) return "prints a version in another form.";
  return withV(printed) === version ? undefined : `is ${withV(printed)}, not ${version}.`;
}

async function checkFolder(folder: string): Promise<void> {
  const refuse = (what: string, advice: string) =>
    new ToolchainError(suppliedVariable, `FLEET_PARTS names ${folder}, ${what}`, advice);
  const advice = `correct ${suppliedVariable}, or unset it: then all parts are built.`;
  if (!isAbsolute(folder)) throw refuse("which is no absolute path", advice);
  const stats = await statIfPresent(folder);
  if (!stats?.isDirectory()) throw refuse("which is no folder", advice);
  const foreign = writableByOthers(stats);
  if (foreign !== undefined) {
    throw refuse(`which ${foreign}: its programs would run as you`, `name a folder of your own, or of root.`);
  }
}

/** Whether an account other than the user, root and the members of the file's group can replace a file. */
function writableByOthers({ mode, uid }: Stats): string | undefined {
  if ((mode & 0o002) !== 0) return "can be written by every account of this machine";
  const self = process.geteuid?.();
  return self === undefined || uid === self || uid === 0 ? undefined : `belongs to another account (${uid})`;
}

async function statIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
