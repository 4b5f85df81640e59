import { posix } from "node:path";
import { type Files, kustomizationsOf } from "../../config/platform/kustomize-build.js";
import type { Place } from "../../review/platform/built-platform.js";

/** The most characters of kustomize's words that a message repeats. */
const longest = 400;

/** A failed build. */
export interface FailedBuild {
  readonly files: Files;
  /** Folder that was built, from the root of the checkout. */
  readonly folder: string;
  /** Absolute path of the copy of the checkout. */
  readonly copy: string;
  /** Kustomize's words. */
  readonly error: string;
}

/** The file and line that an error of kustomize is about, and its words without those about the way there. */
export function explainFailure(build: FailedBuild): { readonly place: Place; readonly message: string } {
  const words = unwrapped(build.error).replaceAll(`${build.copy}/`, "").replace(/\s+/g, " ");
  const [way, reason] = splitWay(words, build.folder);
  return { place: placeOf(build.files, way, reason), message: shortened(reason) };
}

/** The error alone: kubectl says `error: …`, and some builds of it log `E1127 … "command failed" err="…"`. */
function unwrapped(error: string): string {
  const [, logged] = /^E\d{4} .* "command failed" err="((?:[^"\\]|\\.)*)"\s*$/s.exec(error) ?? [];
  if (logged === undefined) return error.replace(/^error: /, "").trim();
  return logged.replace(/\\(.)/g, (_, character: string) => (/[nrt]/.test(character) ? " " : character)).trim();
}

/** The innermost folder that kustomize was in, and what it says about that. */
function splitWay(words: string, folder: string): readonly [folder: string, reason: string] {
  const steps = [...words.matchAll(/recursed accumulation of path '([^']+)': /g)];
  const last = steps.at(-1);
  return last === undefined ? [folder, words] : [last[1] ?? folder, words.slice(last.index + last[0].length)];
}

function placeOf(files: Files, folder: string, reason: string): Place {
  const [kustomization = `${folder}/kustomization.yaml`] = kustomizationsOf(files, folder);
  const [, line] = /\byaml: line (\d+)/.exec(reason) ?? [];
  const named = namedFiles(files, folder, reason);
  const [broken] = named;
  if (line !== undefined) return { file: broken ?? kustomization, line: Number(line), path: "" };
  const object = objectPlace(files, folder, reason);
  if (object !== undefined) return object;
  return { file: kustomization, line: lineOfWord(files[kustomization] ?? "", reason), path: "" };
}

/** Files of the checkout that an error names, the innermost first. */
function namedFiles(files: Files, folder: string, reason: string): string[] {
  const texts = [...reason.matchAll(/'([^' ]+)'|\bFile: ([^ ]+)|\bpath "([^"]+)"/gi)].map(
    ([, quoted, file, path]) => quoted ?? file ?? path ?? "",
  );
  const paths = texts.toReversed().flatMap((text) => [text, posix.join(folder, text)]);
  return paths.filter((path) => Object.hasOwn(files, path));
}

/** The line of an object that an error names by its id: `ConfigMap.v1.[noGrp]/info.[noNs]`. */
function objectPlace(files: Files, folder: string, reason: string): Place | undefined {
  const [, kind = "", name = ""] =
    /already registered id: (\w+)\.[^/ ]+\/([^ ]+?)\.(?:\[noNs\]|[\w-]+)(?:['; ]|$)/.exec(reason) ?? [];
  if (name === "") return undefined;
  const isIt = (text: string) =>
    text.includes(`kind: ${kind}`) && new RegExp(`name: ["']?${escaped(name)}\\b`).test(text);
  const found = Object.keys(files).filter((file) => isIt(files[file] ?? ""));
  // The one of this folder comes last, so it is the repetition.
  const file = found.find((one) => posix.dirname(one) === folder) ?? found.at(-1);
  if (file === undefined) return undefined;
  const lines = (files[file] ?? "").split("\n");
  return { file, line: lines.findLastIndex((one) => one.includes(name)) + 1, path: "" };
}

/** The line of a kustomization that has the longest word which an error quotes; else its first line. */
function lineOfWord(text: string, reason: string): number {
  const found = text.split("\n").flatMap((line, index) => {
    const words = line.replace(/(?:^|\s)#.*/, "").match(/[^\s"',:[\]{}]+/g) ?? [];
    const quoted = words.filter((word) => reason.includes(`'${word}'`) || reason.includes(`"${word}"`));
    return quoted.map(({ length }) => ({ length, line: index + 1 }));
  });
  return found.reduce((best, one) => (one.length > best.length ? one : best), { length: 0, line: 1 }).line;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function shortened(reason: string): string {
  const text = reason.replace(/\.$/, "");
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
