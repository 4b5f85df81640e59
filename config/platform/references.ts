import { posix } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { namedPaths } from "./kustomization-paths.js";
import type { Files } from "./kustomize-build.js";
import { type Manifest, readManifests } from "./manifest-file.js";

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
const configFields = ["path", "files", "env", "envs"];

/**
 * References that kustomize must not follow, because it would read from another server, or from outside `fleet/`: those of
 * each kustomization, and of each file that may configure a generator or a transformer.
 * @param files files of `fleet/` that are YAML, kustomizations among them
 */
export function unsafeReferences(files: Files): Problem[] {
  return Object.entries(files).flatMap(([file, text]) => {
    if (!/(?:\.ya?ml|(?:^|\/)Kustomization)$/.test(file)) return [];
    const { manifests, problems } = readManifests(file, text, { lists: true });
    if (/^kustomization(?:\.ya?ml)?$/i.test(posix.basename(file))) {
      return [...problems, ...manifests.flatMap((manifest) => kustomizationFaults(file, manifest))];
    }
    return manifests.filter(({ data }) => data.apiVersion === BUILT_IN).flatMap(configFaults);
  });
}

function kustomizationFaults(file: string, { data, placeOf }: Manifest): Problem[] {
  const outside = namedPaths(data).flatMap(({ written, place }) => {
    const fault = pathFault(posix.dirname(file), written);
    return fault === undefined ? [] : [{ ...placeOf(place), ...fault }];
  });
  const inline = ["generators", "transformers", "validators"].flatMap((field) => {
    const list = data[field];
    return (Array.isArray(list) ? list : []).flatMap((text: unknown, index) =>
      typeof text === "string" && /https?:\/\//i.test(text)
        ? [{ ...placeOf([field, index]), ...remoteFault(text.split("\n").find((line) => line.includes("://")) ?? "") }]
        : [],
    );
  });
  return [...outside, ...inline];
}

function configFaults({ data, placeOf }: Manifest): Problem[] {
  return remoteTexts(data, []).map(({ path, text }) => ({ ...placeOf(path), ...remoteFault(text) }));
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
