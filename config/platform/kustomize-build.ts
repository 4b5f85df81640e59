import { posix } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { type Manifest, type Place, readManifests } from "./manifest-file.js";

/** Files of a checkout by their path from its root, with slashes. */
export type Files = Readonly<Record<string, string>>;

/** A manifest that a build takes in. */
export interface BuiltManifest extends Manifest {
  /** Whether Flux replaces variables in it, as far as the files say so. */
  readonly substituted: boolean;
  /** Whether a kustomization changes some of what it takes in, so that this may become something else. */
  readonly patched: boolean;
}

/** The manifests that Flux builds of a folder, before it replaces variables. */
export interface Build {
  readonly manifests: readonly BuiltManifest[];
  readonly problems: readonly Problem[];
}

/** Folder of the checkout that a platform repository is begun with. */
export const SEED_FOLDER = "fleet";

/** Names under which kustomize looks for what a folder builds. */
const kustomizationFiles = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Label or annotation that keeps Flux from replacing variables in an object. */
const substituteKey = "kustomize.toolkit.fluxcd.io/substitute";

/** Whether there is any file in a folder. */
export function hasFolder(files: Files, folder: string): boolean {
  return Object.keys(files).some((file) => file.startsWith(`${folder}/`));
}

/**
 * The manifests that a Flux Kustomization builds of a folder: those that its kustomization.yaml includes, or else every
 * manifest below it, as Flux does it. What generators put into ConfigMaps and Secrets is left out.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export function buildFolder(files: Files, folder: string): Build {
  return build({ files, seen: new Set() }, folder);
}

interface Context {
  readonly files: Files;
  /** Files that were taken in: two ways may lead to one, and a circle would lead to it for ever. */
  readonly seen: Set<string>;
}

function build(context: Context, folder: string): Build {
  const file = kustomizationOf(context.files, folder);
  if (file === undefined) return generated(context, folder);
  if (context.seen.has(file)) return nothing;
  const own = takeIn(context, file);
  const built = joined([own, ...own.manifests.flatMap((kustomization) => entries(context, file, kustomization))]);
  // What a patch or a label for all makes of what is built here, only kustomize knows.
  const patches = own.manifests.some(({ data }) => changing.some((field) => data[field] !== undefined));
  const optsOut = context.files[file]?.includes(substituteKey) ?? false;
  return {
    ...built,
    manifests: built.manifests.map(({ substituted, patched, ...manifest }) => ({
      ...manifest,
      substituted: substituted && !optsOut,
      patched: patched || patches,
    })),
  };
}

/** Fields of a kustomization by which it changes fields that are anything but names and labels. */
const changing = ["patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers"];

function generated(context: Context, folder: string): Build {
  const below = Object.keys(context.files).filter((file) => file.startsWith(`${folder}/`));
  const direct = below.filter((file) => posix.dirname(file) === folder && /\.ya?ml$/.test(file));
  const deeper = below.map((file) => posix.relative(folder, file).split("/")).filter(({ length }) => length > 1);
  const folders = new Set(deeper.map(([first]) => `${folder}/${first}`));
  return joined([
    ...direct.map((file) => takeIn(context, file)),
    ...[...folders].map((subfolder) => build(context, subfolder)),
  ]);
}

function takeIn({ files, seen }: Context, file: string): Build {
  if (seen.has(file)) return nothing;
  seen.add(file);
  const { manifests, problems } = readManifests(file, files[file] ?? "");
  return {
    manifests: manifests.map((manifest) => ({ ...manifest, substituted: !optedOut(manifest), patched: false })),
    problems,
  };
}

function optedOut({ data: { metadata } }: Manifest): boolean {
  if (!isPlainObject(metadata)) return false;
  return [metadata.labels, metadata.annotations].some((map) => isPlainObject(map) && map[substituteKey] === "disabled");
}

/** The files and folders that a kustomization includes. */
function entries(context: Context, file: string, { data, placeOf }: Manifest): Build[] {
  const listed = (field: string) => {
    const list = data[field];
    return (Array.isArray(list) ? list : []).map((value: unknown, index) => ({ value, path: [field, index] }));
  };
  const patches = listed("patches").map(({ value, path }) => ({
    value: isPlainObject(value) ? value.path : undefined,
    path: [...path, "path"],
  }));
  return [...listed("resources"), ...listed("components"), ...patches].map(({ value, path }) => {
    return typeof value === "string" ? entry(context, posix.dirname(file), value, placeOf(path)) : nothing;
  });
}

function entry(context: Context, folder: string, written: string, place: Place): Build {
  const target = posix.join(folder, written).replace(/\/$/, "");
  if (Object.hasOwn(context.files, target)) return takeIn(context, target);
  if (kustomizationOf(context.files, target) !== undefined) return build(context, target);
  const remote = /:\/\/|^git@/.test(written);
  // Other folders of the platform repository are outside this checkout, so they cannot be checked.
  if (!remote && !isInSeed(target)) return nothing;
  const problem = hasFolder(context.files, target)
    ? { message: "is a folder without kustomization.yaml", fix: `Create ${target}/kustomization.yaml` }
    : {
        message: remote ? "is elsewhere, and Flux takes in nothing from there" : "does not exist",
        fix: remote ? "Put a copy of it beside this file" : `Create ${target}, or remove the entry`,
      };
  return {
    manifests: [],
    problems: [{ ...place, message: `${JSON.stringify(written)} ${problem.message}`, fix: problem.fix }],
  };
}

/** Whether a path is within the folder that a platform repository is begun with. */
export function isInSeed(path: string): boolean {
  return path.startsWith(`${SEED_FOLDER}/`);
}

function kustomizationOf(files: Files, folder: string): string | undefined {
  return kustomizationFiles.map((name) => `${folder}/${name}`).find((file) => Object.hasOwn(files, file));
}

const nothing: Build = { manifests: [], problems: [] };

function joined(builds: readonly Build[]): Build {
  return {
    manifests: builds.flatMap(({ manifests }) => manifests),
    problems: builds.flatMap(({ problems }) => problems),
  };
}
