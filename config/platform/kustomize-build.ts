import { posix } from "node:path";
import { isPlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { type NamedPath, namedPaths } from "./kustomization-paths.js";
import { type Manifest, type Place, readManifests } from "./manifest-file.js";
import { isRemote } from "./references.js";

/** Files of a checkout by their path from its root, with slashes. */
export type Files = Readonly<Record<string, string>>;

/** A manifest that a build takes in. */
export interface BuiltManifest extends Manifest {
  /** Whether Flux replaces variables in it, as far as the files say so. */
  readonly substituted: boolean;
  /** Whether a kustomization changes some of what it takes in, so that this may become something else. */
  readonly patched: boolean;
  /** Whether it is a patch, and no object. */
  readonly isPatch: boolean;
  /** The kustomizations and components that change it, in the order in which they do. */
  readonly changedBy: readonly Manifest[];
  /** Whether another kustomization took it in before. */
  readonly isRepeated: boolean;
}

/** Folder of the checkout that a platform repository is begun with. */
export const SEED_FOLDER = "fleet";

/** Names under which kustomize looks for what a folder builds. */
export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Fields of a kustomization by which it changes fields that are anything but names and labels. */
const changing = ["patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers"];

/** Objects that may be taken in a second time. Without a limit, kustomizations that double each other fill the memory. */
const maxRepeats = 10_000;

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
 * The files that a Flux Kustomization builds a folder from: those that its kustomization.yaml includes, or else every
 * manifest below it. Of generators, the texts of the files are included.
 *
 * `all` also has those that a second kustomization takes in, which may change them in another way.
 *
 * It follows paths, and knows nothing else of kustomize. The preflight check of variables and folders needs no more; the
 * build itself is kustomize's (cli/platform), before a change is merged.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export function buildFolder(files: Files, folder: string) {
  const problems: Problem[] = [];
  const context = { files, taken: new Map(), problems, repeats: 0 };
  const all = build(context, folder);
  return { manifests: all.filter(({ isRepeated }) => !isRepeated), all, problems };
}

interface Context {
  readonly files: Files;
  /** Files that were taken in, with their manifests: two ways may lead to one. */
  readonly taken: Map<string, readonly BuiltManifest[]>;
  readonly problems: Problem[];
  /** Objects that were taken in a second time. */
  repeats: number;
}

/** The manifests of a file that was taken in before. None while it is being taken in: it then includes itself. */
function repeated(context: Context, file: string): BuiltManifest[] | undefined {
  const known = context.taken.get(file);
  if (known === undefined) return undefined;
  const former = context.repeats;
  context.repeats += known.length;
  if (context.repeats <= maxRepeats) return known.map((manifest) => ({ ...manifest, isRepeated: true }));
  if (former > maxRepeats) return [];
  const message = `is taken in too often: more than ${maxRepeats} objects come a second time`;
  context.problems.push({ file, path: "", message, fix: "Include each folder once" });
  return [];
}

/** The manifests of files that were read, also of those too long for a memo: several checks build the same folders. */
const readFiles = new WeakMap<Files, Map<string, ReturnType<typeof readManifests>>>();

function readOnce(files: Files, file: string, lists: boolean): ReturnType<typeof readManifests> {
  const known = readFiles.get(files) ?? new Map<string, ReturnType<typeof readManifests>>();
  readFiles.set(files, known);
  const key = `${lists} ${file}`;
  const read = known.get(key) ?? readManifests(file, files[file] ?? "", { lists });
  known.set(key, read);
  return read;
}

function build(context: Context, folder: string): BuiltManifest[] {
  const [file] = kustomizationsOf(context.files, folder);
  if (file === undefined) return generated(context, folder);
  const known = repeated(context, file);
  if (known !== undefined) return known;
  context.taken.set(file, []);
  const { manifests, problems } = readOnce(context.files, file, false);
  context.problems.push(...problems);
  const [kustomization] = manifests;
  if (kustomization === undefined) return [];
  const included = includedManifests(context, folder, kustomization);
  const optsOut = context.files[file]?.includes(substituteKey) ?? false;
  const built = [...asBuilt([kustomization]), ...included].map((manifest) => ({
    ...changed(manifest, [kustomization]),
    substituted: manifest.substituted && !optsOut,
  }));
  context.taken.set(file, built);
  return built;
}

/** A manifest that kustomizations change. Only kustomize knows the result of a patch or of a label for all. */
function changed(manifest: BuiltManifest, kustomizations: readonly Manifest[]): BuiltManifest {
  const patches = kustomizations.some(({ data }) => changing.some((field) => data[field] !== undefined));
  return {
    ...manifest,
    patched: manifest.patched || patches,
    changedBy: [...manifest.changedBy, ...kustomizations],
  };
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

function takeIn(context: Context, file: string, use: "resource" | "patch" = "resource"): BuiltManifest[] {
  const known = repeated(context, file);
  if (known !== undefined) return known;
  const read = readOnce(context.files, file, use === "patch");
  context.problems.push(...read.problems);
  const built = asBuilt(read.manifests.flatMap(withItems), use === "patch");
  context.taken.set(file, built);
  return built;
}

/** A manifest, and the objects in it: kustomize and Flux apply those of a List one by one. */
export function withItems(manifest: Manifest): Manifest[] {
  const { items, kind } = manifest.data;
  if (!Array.isArray(items) || !String(kind).endsWith("List")) return [manifest];
  const objects = items.flatMap((data: PlainValue, index): Manifest[] => {
    const placeOf = (path: Path) => manifest.placeOf(["items", index, ...path]);
    // The texts of the objects are those of the list.
    return isPlainObject(data) ? withItems({ data, texts: [], placeOf }) : [];
  });
  return [manifest, ...objects];
}

function asBuilt(manifests: readonly Manifest[], isPatch = false): BuiltManifest[] {
  return manifests.map((manifest) => {
    const isSubstituted = !optedOut(manifest);
    return { ...manifest, substituted: isSubstituted, patched: false, isPatch, changedBy: [], isRepeated: false };
  });
}

function optedOut({ data: { metadata } }: Manifest): boolean {
  if (!isPlainObject(metadata)) return false;
  return [metadata.labels, metadata.annotations].some((map) => isPlainObject(map) && map[substituteKey] === "disabled");
}

function includedManifests(context: Context, folder: string, { data, placeOf }: Manifest): BuiltManifest[] {
  let included: BuiltManifest[] = [];
  for (const named of namedPaths(data)) {
    const { written } = named;
    const target = posix.join(folder, written).replace(/\/$/, "");
    const place = placeOf(named.place);
    if (isMissing(context.files, target, named)) {
      const message = `${JSON.stringify(written)} does not exist`;
      context.problems.push({ ...place, message, fix: `Create ${target}, or remove the entry` });
      continue;
    }
    // A component changes what was taken in before it, too.
    const components = named.place[0] === "components" ? componentsIn(context.files, target) : [];
    if (components.length > 0) included = included.map((one) => changed(one, components));
    included.push(...entry(context, target, named, place));
  }
  return included;
}

/** The component of a folder, after those that it takes in. */
function componentsIn(files: Files, folder: string, seen = new Set<string>()): Manifest[] {
  const [file] = kustomizationsOf(files, folder);
  if (file === undefined || seen.has(file)) return [];
  seen.add(file);
  const [component] = readOnce(files, file, false).manifests;
  if (component === undefined) return [];
  const inner = namedPaths(component.data).filter(({ place }) => place[0] === "components");
  const folderOf = (written: string) => posix.join(folder, written).replace(/\/$/, "");
  return [...inner.flatMap(({ written }) => componentsIn(files, folderOf(written), seen)), component];
}

/** Whether nothing is at a path. Other folders of the platform repository, and other servers, cannot be checked here. */
function isMissing(files: Files, target: string, { written }: NamedPath): boolean {
  if (isRemote(written) || written.startsWith("/") || !isInSeed(target)) return false;
  return !Object.hasOwn(files, target) && !hasFolder(files, target);
}

/** The manifests of a path. */
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
  const manifest = { data: {}, texts, placeOf: () => place };
  return { ...manifest, substituted: true, patched: false, isPatch: false, changedBy: [], isRepeated: false };
}

/** The kustomizations of a folder. Kustomize takes only one. */
export function kustomizationsOf(files: Files, folder: string): string[] {
  return KUSTOMIZATION_FILES.map((name) => `${folder}/${name}`).filter((file) => Object.hasOwn(files, file));
}
