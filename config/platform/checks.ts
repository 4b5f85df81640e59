import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { valueAt } from "../files/location.js";
import { PLATFORM_SOURCE } from "../names.js";
import { type BuiltManifest, buildFolder, type Files, hasFolder, isInSeed } from "./kustomize-build.js";
import { missingVariables, readSubstitutions } from "./substitution.js";
import { folderOf, type Values, valuesOf } from "./sync-values.js";

/** The files of `fleet/`, and the stack whose cluster gets them. */
export interface PlatformFilesArgs {
  /** The files that a platform repository is begun with. */
  readonly files: Files;
  readonly stack: string;
  readonly stacks: readonly string[];
  /** Values of the cluster's variables, those of the program among them; undefined when they are wrong. */
  readonly variables: Values | undefined;
}

/** Folder that the cluster of a stack starts from. */
export function clusterFolder(stack: string): string {
  return `fleet/clusters/${stack}`;
}

/**
 * Problems that would make the platform's sync fail on a stack's cluster: a folder or file that is missing, and variables
 * without a value. `pulumi up` waits for that sync for minutes.
 * The files count on every stack, also where another stack makes the repository of them: they are the only text of it
 * that a reviewer of a new stack sees. preflight/platform.ts checks the repository's content by then.
 */
export function platformProblems(args: PlatformFilesArgs): Problem[] {
  const folder = clusterFolder(args.stack);
  if (!hasFolder(args.files, folder)) return [missingCluster(args)];
  return [
    ...encodingProblems(args.files),
    ...syncProblems({ ...args, seen: new Set(), unknownFolders: [] }, folder, args.variables),
  ];
}

/**
 * The files that the sync of a stack's cluster needs: those of its folder, and of the folders of the syncs in it.
 * @returns undefined if a patch or an unknown variable decides on a folder
 */
export function filesOfCluster({ files, ...args }: PlatformFilesArgs): ReadonlySet<string> | undefined {
  const read = new Set<string>();
  const noted = new Proxy(files, {
    get(target, file) {
      read.add(String(file));
      return Reflect.get(target, file);
    },
  });
  const unknownFolders: string[] = [];
  const context = { ...args, files: noted, seen: new Set<string>(), unknownFolders };
  syncProblems(context, clusterFolder(args.stack), args.variables);
  return unknownFolders.length > 0 ? undefined : read;
}

/** Files that are no text: the platform repository is begun with texts, and would get others wrongly. */
function encodingProblems(files: Files): Problem[] {
  return Object.entries(files)
    .filter(([, text]) => text.includes("\ufffd"))
    .map(([file]) => ({ file, path: "", message: "is not UTF-8 text", fix: "Save it as UTF-8, or keep it elsewhere" }));
}

function missingCluster({ files, stack, stacks }: PlatformFilesArgs): Problem {
  const others = [
    ...new Set(Object.keys(files).flatMap((file) => /^fleet\/clusters\/([^/]+)\//.exec(file)?.[1] ?? [])),
  ];
  // The folder of another stack is not this one's by mistake, unless the mistake is in this stack's name.
  const meant = stacks.includes(stack) ? others.filter((other) => !stacks.includes(other)) : others;
  const near = nearMatches(stack, meant);
  const like = others[0] === undefined ? "" : `, like ${clusterFolder(others[0])}/kustomization.yaml`;
  return {
    file: `${clusterFolder(stack)}/kustomization.yaml`,
    path: "",
    message: `does not exist, so Flux would have nothing to start from on the cluster of ${stack}`,
    fix: near.length > 0 ? `${didYouMean(near, "")} If not, create it${like}` : `Create it${like}`,
  };
}

interface Context extends PlatformFilesArgs {
  /** Syncs that were looked at, because they may name each other. */
  readonly seen: Set<string>;
  /** Folders of syncs that patches or unknown variables decide on, as they are written. */
  readonly unknownFolders: string[];
}

/** @param values in place of variables; undefined when the sync of the folder replaces none, or they are unknown */
function syncProblems(context: Context, folder: string, values: Values | undefined): Problem[] {
  if (!isNew(context, folder, values)) return [];
  const { manifests, problems } = buildFolder(context.files, folder);
  return [
    ...problems,
    ...(values === undefined ? [] : manifests.flatMap((manifest) => variableProblems(manifest, values, context.stack))),
    ...manifests.flatMap((manifest) => nestedProblems(context, manifest, values ?? {})),
  ];
}

/** Whether a folder was not looked at with these values before. */
function isNew({ seen }: Context, folder: string, values: Values | undefined): boolean {
  const key = JSON.stringify([folder, values]);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function variableProblems(manifest: BuiltManifest, values: Values, stack: string): Problem[] {
  if (!manifest.substituted) return [];
  const known = new Set(Object.keys(values));
  return manifest.texts.flatMap(({ text, placeOf }) => {
    const { found, fault } = readSubstitutions(text);
    const missing = missingVariables(found, known).map(({ name }) => ({
      ...placeOf(`\${${name}`),
      message: `\${${name}} has no value on this cluster, so the build of the kustomization would fail`,
      fix: didYouMean(
        nearMatches(name, known).map((near) => `\${${near}}`),
        `Set ${name} in fleet:variables of Pulumi.${stack}.yaml, write a default (\${${name}:=VALUE}), or $\${${name}} where this very text is meant`,
      ),
    }));
    if (fault === undefined) return missing;
    const unreadable = text.slice(fault, fault + 40).split("\n", 1)[0] ?? "";
    const message = `${JSON.stringify(unreadable)} is no variable that Flux can read, for which it would refuse everything here`;
    return [...missing, { ...placeOf(unreadable), message, fix: "Write $${ where this very text is meant" }];
  });
}

/** The folder of a platform's sync, as it is written and in this checkout. */
interface NestedFolder {
  readonly written: string;
  /** Undefined if a patch or an unknown variable decides on it. */
  readonly folder: string | undefined;
}

/** The folder of this checkout that a sync of the platform applies. Undefined for anything else. */
export function nestedSync(
  { data, patched }: Pick<BuiltManifest, "data" | "patched">,
  values: Values,
): NestedFolder | undefined {
  const at = (...place: readonly string[]) => valueAt(data, place);
  const isFluxs = typeof data.apiVersion === "string" && data.apiVersion.startsWith("kustomize.toolkit.fluxcd.io/");
  const written = at("spec", "path");
  // A patch may give it the folder that is meant, or the values.
  if (patched) return isFluxs ? { folder: undefined, written: String(written) } : undefined;
  const isSync =
    isFluxs &&
    data.kind === "Kustomization" &&
    at("spec", "sourceRef", "kind") === "GitRepository" &&
    at("spec", "sourceRef", "name") === PLATFORM_SOURCE;
  if (!isSync || typeof written !== "string") return undefined;
  const folder = folderOf(written, values);
  return folder !== undefined && !isInSeed(folder) ? undefined : { folder, written };
}

function nestedProblems(context: Context, manifest: BuiltManifest, values: Values): Problem[] {
  const nested = nestedSync(manifest, values);
  if (nested === undefined) return [];
  const { folder, written } = nested;
  if (folder === undefined) {
    context.unknownFolders.push(written);
    return [];
  }
  if (hasFolder(context.files, folder))
    return syncProblems(context, folder, valuesOf(manifest.data, context.variables));
  return [
    {
      ...manifest.placeOf(["spec", "path"]),
      message: `${JSON.stringify(written)} does not exist`,
      fix: `Create ${folder}/kustomization.yaml, or name another folder`,
    },
  ];
}
