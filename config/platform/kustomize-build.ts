import { posix } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { KUSTOMIZATION_FILES, kustomizationProblems } from "./kustomization-file.js";
import { type NamedPath, namedPaths } from "./kustomization-paths.js";
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
 * kustomization.yaml includes, or else every manifest below it. Of generators, the texts of the files are included.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export function buildFolder(files: Files, folder: string) {
  const problems: Problem[] = [];
  return { manifests: build({ files, seen: new Set(), within: [], problems }, folder), problems };
}

interface Context {
  readonly files: Files;
  /** Files that were taken in: two ways may lead to one. */
  readonly seen: Set<string>;
  /** The folders whose kustomizations led to this one, from the outermost on. */
  readonly within: readonly string[];
  readonly problems: Problem[];
}

function build(context: Context, folder: string): BuiltManifest[] {
  const [file, other] = kustomizationsOf(context.files, folder);
  if (file === undefined) return generated(context, folder);
  if (other !== undefined) {
    const message = `stands beside ${posix.basename(file)}, and kustomize takes only one of them`;
    context.problems.push({ file: other, path: "", message, fix: "Remove one of the two" });
    return [];
  }
  if (context.seen.has(file)) return [];
  context.seen.add(file);
  const { manifests, problems } = readManifests(file, context.files[file] ?? "");
  context.problems.push(...(problems.length > 0 ? problems : kustomizationProblems(file, manifests)));
  const [kustomization] = manifests;
  if (kustomization === undefined) return [];
  const inner = { ...context, within: [...context.within, folder] };
  const included = includedManifests(inner, folder, kustomization);
  // Only kustomize knows the result of a patch or of a label for all.
  const patches = changing.some((field) => kustomization.data[field] !== undefined);
  const optsOut = context.files[file]?.includes(substituteKey) ?? false;
  return [...asBuilt([kustomization]), ...included].map((manifest) => ({
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

function takeIn(
  { files, seen, problems }: Context,
  file: string,
  use: "resource" | "patch" = "resource",
): BuiltManifest[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const read = readManifests(file, files[file] ?? "", { lists: use === "patch" });
  problems.push(...read.problems);
  return asBuilt(read.manifests);
}

function asBuilt(manifests: readonly Manifest[]): BuiltManifest[] {
  return manifests.map((manifest) => ({ ...manifest, substituted: !optedOut(manifest), patched: false }));
}

function optedOut({ data: { metadata } }: Manifest): boolean {
  if (!isPlainObject(metadata)) return false;
  return [metadata.labels, metadata.annotations].some((map) => isPlainObject(map) && map[substituteKey] === "disabled");
}

function includedManifests(context: Context, folder: string, { data, placeOf }: Manifest): BuiltManifest[] {
  const known = new Map<string, string>();
  return namedPaths(data).flatMap((named) => {
    const target = posix.join(folder, named.written).replace(/\/$/, "");
    const place = placeOf(named.place);
    const fault = pathFault(context, target, named) ?? repeatFault(known, target, named);
    if (fault === undefined) return entry(context, target, named, place);
    const [message, fix] = fault;
    context.problems.push({ ...place, message: `${JSON.stringify(named.written)} ${message}`, fix });
    return [];
  });
}

type Fault = readonly [message: string, fix: string];

/** Kustomize refuses an object that it has already. */
function repeatFault(known: Map<string, string>, target: string, { place: [field] }: NamedPath) {
  if (field !== "resources" && field !== "bases") return undefined;
  const first = known.get(target);
  known.set(target, field);
  if (first === undefined) return undefined;
  return [`is listed in ${first} already, and kustomize takes no object twice`, "Remove one of the two"] as const;
}

/** Why kustomize, as Flux runs it, cannot take in a path; undefined when it can, or when nothing here says so. */
function pathFault({ files, within }: Context, target: string, { written, use }: NamedPath): Fault | undefined {
  // https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/git/repospec.go: no scheme is needed with a user,
  // and none with GitHub.
  if (/^(git::)?([a-z][a-z0-9+.-]*:\/\/|[^/@]+@[^/]+[:/]|(www\.)?github\.com[:/])/i.test(written)) {
    return ["is elsewhere, and Flux takes in nothing from there", "Put a copy of it beside this file"];
  }
  if (written.startsWith("/")) return ["is an absolute path", "Write it from this folder, like ../base"];
  if (target === ".." || target.startsWith("../")) {
    return ["leads out of the repository, and Flux takes in nothing from there", "Put a copy of it beside this file"];
  }
  if (Object.hasOwn(files, target)) {
    if (use === "component") return ["is a file where a folder belongs", "Name the folder of its kustomization.yaml"];
    if (use !== "resource" || !KUSTOMIZATION_FILES.includes(posix.basename(target))) return undefined;
    return ["is a kustomization, of which kustomize takes the folder", `Write ${posix.dirname(written)}`];
  }
  if (within.some((folder) => folder === target || folder.startsWith(`${target}/`) || target === ".")) {
    return ["would include this kustomization in itself", "Remove it, or name a folder beside this one"];
  }
  // Other folders of the platform repository are outside this checkout, so they cannot be checked.
  if (!isInSeed(target)) return undefined;
  const isFolder = hasFolder(files, target);
  if (isFolder && (use === "resource" || use === "component")) {
    if (kustomizationsOf(files, target).length > 0) return undefined;
    return ["is a folder without kustomization.yaml", `Create ${target}/kustomization.yaml`];
  }
  if (isFolder) return ["is a folder where a file belongs", "Name a file in it"];
  return ["does not exist", `Create ${target}, or remove the entry`];
}

/** The manifests of a path without a fault. */
function entry(context: Context, target: string, { use }: NamedPath, place: Place): BuiltManifest[] {
  const text = context.files[target];
  if (!Object.hasOwn(context.files, target) || text === undefined) {
    return kustomizationsOf(context.files, target).length > 0 ? build(context, target) : [];
  }
  if (use === "hidden") return [];
  return use === "text"
    ? [generatedText(target, text, place)]
    : takeIn(context, target, use === "patch" ? use : "resource");
}

/** The text of a file that a generator puts into a ConfigMap. */
function generatedText(file: string, text: string, place: Place): BuiltManifest {
  const lineOf = (part: string) => text.slice(0, Math.max(text.indexOf(part), 0)).split("\n").length;
  // A file that is not UTF-8 becomes binary data, in which Flux looks for nothing.
  const texts = text.includes("\ufffd")
    ? []
    : [{ text, placeOf: (part: string) => ({ file, line: lineOf(part), path: "" }) }];
  return { data: {}, texts, placeOf: () => place, substituted: true, patched: false };
}

function kustomizationsOf(files: Files, folder: string): string[] {
  return KUSTOMIZATION_FILES.map((name) => `${folder}/${name}`).filter((file) => Object.hasOwn(files, file));
}
