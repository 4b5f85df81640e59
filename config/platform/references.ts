import { posix } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { isContent, KUSTOMIZATION_FIELDS, namedPaths } from "./kustomization-paths.js";
import type { Files } from "./kustomize-build.js";
import { type Manifest, type Place, readManifests } from "./manifest-file.js";

/**
 * Whether kustomize would fetch a path from another server. No scheme is needed with a user, and none with GitHub.
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/git/repospec.go
 */
export function isRemote(path: string): boolean {
  return /^(git::)?([a-z][a-z0-9+.-]*:\/\/|[^/@]+@[^/]+[:/]|(www\.)?github\.com[:/])/i.test(path);
}

/** API version of configurations of kustomize's own generators and transformers. */
const BUILT_IN = "builtin";

/** Fields in which configurations of generators and transformers name files. */
const configFields = ["path", "paths", "files", "env", "envs"];

/** Fields of a kustomization that list configurations. */
const configLists = ["generators", "transformers", "validators"];

/** Fields that lead to files, in kustomizations and in configurations. */
const leading = new Set([...KUSTOMIZATION_FIELDS, ...configFields]);
const leadingByFold = new Map([...leading].map((field) => [folded(field), field]));

/**
 * References that kustomize must not follow, because it would read from another server, or from outside `fleet/`: those of
 * each kustomization, and of each file that may configure a generator or a transformer.
 * @param files files of `fleet/`
 */
export function unsafeReferences(files: Files): Problem[] {
  const found = Object.entries(files).flatMap(([file, text]) => {
    if (/^kustomization(?:\.ya?ml)?$/i.test(posix.basename(file))) {
      const { manifests, problems } = readManifests(file, text, { lists: true, plain: true });
      return [...problems, ...manifests.flatMap((manifest) => kustomizationFaults(files, file, manifest))];
    }
    if (!/\.ya?ml$/.test(file)) return [];
    const { manifests } = readManifests(file, text, { lists: true });
    return manifests.filter(({ data }) => data.apiVersion === BUILT_IN).flatMap(configFaults);
  });
  // A configuration may be listed, and more than once.
  return [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function kustomizationFaults(files: Files, file: string, manifest: Manifest): Problem[] {
  const { data, placeOf } = manifest;
  const outside = namedPaths(data).flatMap(({ written, place }) => {
    const fault = pathFault(posix.dirname(file), written);
    return fault === undefined ? [] : [{ ...placeOf(place), ...fault }];
  });
  const configs = configLists.flatMap((field) => {
    const list = data[field];
    return (Array.isArray(list) ? list : []).flatMap((entry: unknown, index) =>
      typeof entry === "string" ? listedConfigFaults(files, file, entry, placeOf([field, index])) : [],
    );
  });
  return [...outside, ...spellingFaults(manifest), ...configs];
}

/** Faults of a configuration that a kustomization has in it, or in a file whatever its name. */
function listedConfigFaults(files: Files, kustomization: string, entry: string, place: Place): Problem[] {
  if (isContent(entry)) {
    const { manifests, problems } = readManifests(kustomization, entry, { lists: true, plain: true });
    return [...problems, ...manifests.flatMap(configFaults)].map(({ message, fix }) => ({ ...place, message, fix }));
  }
  const target = posix.join(posix.dirname(kustomization), entry).replace(/\/$/, "");
  const text = Object.hasOwn(files, target) ? files[target] : undefined;
  if (text !== undefined) {
    const { manifests, problems } = readManifests(target, text, { lists: true, plain: true });
    return [...problems, ...manifests.flatMap(configFaults)];
  }
  if (!Object.keys(files).some((file) => file.startsWith(`${target}/`))) return [];
  // Patches in the folder could give a configuration any address.
  const message = `${JSON.stringify(entry)} is a folder, and its build could name files from anywhere`;
  return [{ ...place, message, fix: "List its files one by one" }];
}

function configFaults(manifest: Manifest): Problem[] {
  const { data, placeOf } = manifest;
  const remote = remoteTexts(data, []).map(({ path, text }) => ({ ...placeOf(path), ...remoteFault(text) }));
  return [...remote, ...spellingFaults(manifest)];
}

/** Keys in another case than the field: kustomize takes them for the field, and nothing here would. */
function spellingFaults({ data, placeOf }: Manifest): Problem[] {
  return keysIn(data, []).flatMap((path) => {
    const key = String(path.at(-1));
    const meant = leadingByFold.get(folded(key));
    if (meant === undefined || leading.has(key)) return [];
    return [{ ...placeOf(path), message: `${key} is no field of kustomize`, fix: `Write ${meant}` }];
  });
}

function keysIn(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysIn(item, [...path, index]));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => [[...path, key], ...keysIn(field, [...path, key])]);
}

/** A name in the form in which Go compares the names of fields, beyond ASCII. */
export function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

type Fault = Pick<Problem, "message" | "fix">;

function pathFault(folder: string, written: string): Fault | undefined {
  if (isRemote(written)) return remoteFault(written);
  const quoted = JSON.stringify(written);
  if (written.startsWith("/")) return { message: `${quoted} is an absolute path`, fix: "Write it from this folder" };
  const target = posix.join(folder, written);
  if (target.startsWith("fleet/") || target === "fleet") return undefined;
  return { message: `${quoted} leads out of fleet/, which alone is built`, fix: "Put a copy of it into fleet/" };
}

function remoteFault(text: string): Fault {
  const message = `${JSON.stringify(text)} is elsewhere, and Flux takes in nothing from there`;
  return { message, fix: "Put a copy of it beside this file" };
}

/** Addresses in fields that may name a file, at any depth. */
function remoteTexts(value: unknown, path: Path): { readonly path: Path; readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => remoteTexts(item, [...path, index]));
  if (isPlainObject(value)) return Object.entries(value).flatMap(([key, field]) => remoteTexts(field, [...path, key]));
  const field = path.findLast((step) => typeof step === "string");
  if (typeof value !== "string" || !configFields.includes(String(field))) return [];
  const [, named = value] = /^[\w.-]+=(.*)$/s.exec(value) ?? [];
  return /^https?:\/\//i.test(named) ? [{ path, text: value }] : [];
}
