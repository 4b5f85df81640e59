import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CORE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { valueAt } from "../../config/files/location.js";
import { type Files, kustomizationsOf } from "../../config/platform/kustomize-build.js";
import { unsafeReferences } from "../../config/platform/references.js";
import { substitute } from "../../config/platform/substitute.js";
import type { Values } from "../../config/platform/sync-values.js";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { Place } from "../../review/platform/built-platform.js";
import { explainFailure } from "./failure-place.js";
import { prepareKustomization } from "./kustomization-text.js";
import type { KustomizeProgram } from "./kustomize-program.js";
import { runKustomize } from "./run-kustomize.js";

/** The objects of a folder, or why kustomize builds none. */
export type FolderBuild =
  | { readonly objects: readonly PlainObject[] }
  | { readonly place: Place; readonly message: string };

/** The input of the build of a folder. */
export interface FolderBuildArgs {
  readonly files: Files;
  readonly folder: string;
  /** `spec` of the sync that applies the folder. */
  readonly spec: PlainObject;
  /** Values of variables. @default - every text stays as it is */
  readonly values: Values | undefined;
  readonly program: KustomizeProgram;
}

/** Label or annotation of an object that keeps Flux from replacing variables in it. */
const optOut = "kustomize.toolkit.fluxcd.io/substitute";

/** Builds a folder as its sync does, in a copy of the files that is deleted afterwards. */
export async function buildFolderByKustomize(args: FolderBuildArgs): Promise<FolderBuild> {
  const { files, folder, spec, program } = args;
  const workplace = await mkdtemp(join(tmpdir(), "fleet-diff-build-"));
  const [copy, home] = [join(workplace, "checkout"), join(workplace, "home")];
  try {
    const prepared = prepareKustomization(files, folder, spec);
    // The fields of the sync may lead elsewhere, too.
    const [unsafe] = unsafeReferences({ [prepared.file]: prepared.text });
    if (unsafe !== undefined) return { place: { file: prepared.file, path: unsafe.path }, message: unsafe.message };
    mkdirSync(home);
    writeTree(copy, { ...files, [prepared.file]: prepared.text });
    const result = await runKustomize({ program, folder: join(copy, folder), home });
    if ("error" in result) return explainFailure({ files, folder, copy, error: result.error });
    return objectsOf(args, result.manifests);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

/** Writes files one after the other: for small ones, that takes less processor time than at the same time. */
function writeTree(root: string, files: Files): void {
  const folders = new Set(Object.keys(files).map((file) => dirname(join(root, file))));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
}

function objectsOf({ files, folder, values }: FolderBuildArgs, manifests: string): FolderBuild {
  const [kustomization = `${folder}/kustomization.yaml`] = kustomizationsOf(files, folder);
  try {
    const objects = objectsIn(manifests, values);
    const place = { file: kustomization, path: "" };
    return objects.some(repeats)
      ? { place, message: "the values of its variables bring aliases of YAML" }
      : { objects };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Kustomize prints YAML, so a variable has made something else of it.
    const message = `with the values of its variables, it is not YAML: ${error.reason}`;
    return { place: { file: kustomization, path: "" }, message };
  }
}

/** Flux replaces variables in the text of each object, so that a number becomes one. */
function objectsIn(manifests: string, values: Values | undefined): PlainObject[] {
  return manifests.split(/^---\n/m).flatMap((text) => {
    const replaced = values === undefined || isOptedOut(text) ? text : substitute(text, values);
    return loadAll(replaced, null, { schema: CORE_SCHEMA }).filter(isPlainObject);
  });
}

/** Whether an object itself has the mark: the same line in a text, or in the template of a pod, has no effect. */
function isOptedOut(text: string): boolean {
  if (!text.includes(optOut)) return false;
  const objects = loadAll(text, null, { schema: CORE_SCHEMA });
  return objects.some((object) =>
    ["labels", "annotations"].some((field) => {
      const marks = isPlainObject(object) ? valueAt(object, ["metadata", field]) : undefined;
      return isPlainObject(marks) && marks[optOut] === "disabled";
    }),
  );
}

/** Whether a value is in an object twice. Kustomize writes aliases out; a few that variables bring stand for millions. */
function repeats(object: PlainObject): boolean {
  const seen = new Set<unknown>();
  const pending: unknown[] = [object];
  for (const value of pending) {
    if (typeof value !== "object" || value === null) continue;
    if (seen.has(value)) return true;
    seen.add(value);
    for (const inner of Object.values(value)) pending.push(inner);
  }
  return false;
}
