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

/** Folder of the checkout that a platform repository is begun with. */
export const SEED_FOLDER = "fleet";

/** Names under which kustomize looks for what a folder builds. */
const kustomizationFiles = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Fields of a kustomization by which it changes fields that are anything but names and labels. */
const changing = ["patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers"];

/** Label or annotation that keeps Flux from replacing variables in an object. */
const substituteKey = "kustomize.toolkit.fluxcd.io/substitute";

/** Whether there is any file in a folder. */
export function hasFolder(files: Files, folder: string): boolean {
  return Object.keys(files).some((file) => file.startsWith(`${folder}/`));
}

/** Whether a path is within the folder that a platform repository is begun with. */
export function isInSeed(path: string): boolean {
  return path.startsWith(`${SEED_FOLDER}/`);
}

/**
 * The manifests that a Flux Kustomization builds of a folder, before it replaces variables: those that its
 * kustomization.yaml includes, or else every manifest below it. The output of generators is left out.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export function buildFolder(files: Files, folder: string) {
  const problems: Problem[] = [];
  return { manifests: build({ files, seen: new Set(), problems }, folder), problems };
}

interface Context {
  readonly files: Files;
  /** Files that were taken in: two ways may lead to one, and a circle would lead to it for ever. */
  readonly seen: Set<string>;
  readonly problems: Problem[];
}

function build(context: Context, folder: string): BuiltManifest[] {
  const file = kustomizationOf(context.files, folder);
  if (file === undefined) return generated(context, folder);
  const own = takeIn(context, file);
  const included = own.flatMap((kustomization) => entries(context, file, kustomization));
  // Only kustomize knows the result of a patch or of a label for all.
  const patches = own.some(({ data }) => changing.some((field) => data[field] !== undefined));
  const optsOut = context.files[file]?.includes(substituteKey) ?? false;
  return [...own, ...included].map((manifest) => ({
    ...manifest,
    substituted: manifest.substituted && !optsOut,
    patched: manifest.patched || patches,
  }));
}

/** The manifests of a folder without a kustomization: Flux generates one with every manifest and folder in it. */
function generated(context: Context, folder: string): BuiltManifest[] {
  const below = Object.keys(context.files).filter((file) => file.startsWith(`${folder}/`));
  const direct = below.filter((file) => posix.dirname(file) === folder && /\.ya?ml$/.test(file));
  const deeper = below.map((file) => posix.relative(folder, file).split("/")).filter(({ length }) => length > 1);
  const folders = new Set(deeper.map(([first]) => `${folder}/${first}`));
  return [
    ...direct.flatMap((file) => takeIn(context, file)),
    ...[...folders].flatMap((subfolder) => build(context, subfolder)),
  ];
}

function takeIn({ files, seen, problems }: Context, file: string): BuiltManifest[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const read = readManifests(file, files[file] ?? "");
  problems.push(...read.problems);
  return read.manifests.map((manifest) => ({ ...manifest, substituted: !optedOut(manifest), patched: false }));
}

function optedOut({ data: { metadata } }: Manifest): boolean {
  if (!isPlainObject(metadata)) return false;
  return [metadata.labels, metadata.annotations].some((map) => isPlainObject(map) && map[substituteKey] === "disabled");
}

function entries(context: Context, file: string, { data, placeOf }: Manifest): BuiltManifest[] {
  return ["resources", "components", "patches"].flatMap((field) => {
    const list = data[field];
    return (Array.isArray(list) ? list : []).flatMap((item: unknown, index) => {
      const [written, path] =
        field === "patches"
          ? [isPlainObject(item) ? item.path : undefined, [field, index, "path"]]
          : [item, [field, index]];
      return typeof written === "string" ? entry(context, posix.dirname(file), written, placeOf(path)) : [];
    });
  });
}

function entry(context: Context, folder: string, written: string, place: Place): BuiltManifest[] {
  const target = posix.join(folder, written).replace(/\/$/, "");
  if (Object.hasOwn(context.files, target)) return takeIn(context, target);
  if (kustomizationOf(context.files, target) !== undefined) return build(context, target);
  const report = (fault: string, fix: string) =>
    context.problems.push({ ...place, message: `${JSON.stringify(written)} ${fault}`, fix });
  const remote = /:\/\/|^git@/.test(written);
  // Other folders of the platform repository are outside this checkout, so they cannot be checked.
  if (!remote && !isInSeed(target)) return [];
  if (hasFolder(context.files, target)) {
    report("is a folder without kustomization.yaml", `Create ${target}/kustomization.yaml`);
  } else if (remote) {
    report("is elsewhere, and Flux takes in nothing from there", "Put a copy of it beside this file");
  } else {
    report("does not exist", `Create ${target}, or remove the entry`);
  }
  return [];
}

function kustomizationOf(files: Files, folder: string): string | undefined {
  return kustomizationFiles.map((name) => `${folder}/${name}`).find((file) => Object.hasOwn(files, file));
}
