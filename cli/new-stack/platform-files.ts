import { posix } from "node:path";
import { parseAllDocuments, type Scalar, visit } from "yaml";
import { clusterFolder } from "../../config/platform/checks.js";
import { KUSTOMIZATION_FILES } from "../../config/platform/kustomize-build.js";

/** Files by path from the root of a checkout, with slashes. */
export type Files = Readonly<Record<string, string>>;

/** The stack that is copied, and the new one. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Variables of the platform's manifests that have the name of the stack as their value. */
const stackVariables = /\$\{(cluster_name|cluster_stack)\}/g;

/**
 * The platform's files of a new stack: the folder that the source's cluster starts from, and each folder and file below
 * `fleet/` that it refers to and that has the source's name. References follow the new names. Everything else is shared, and
 * stays where it is.
 * @param files all files of `fleet/`
 */
export function newPlatformFiles(files: Files, renaming: Renaming): Files {
  const folder = `${clusterFolder(renaming.from)}/`;
  const waiting = Object.keys(files).filter((file) => file.startsWith(folder));
  const copied = new Map<string, string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const target = renamedPath(file, renaming);
    if (copied.has(target)) continue;
    const { text, referred } = followReferences(files, file, renaming);
    copied.set(target, text);
    waiting.push(...referred);
  }
  return Object.fromEntries([...copied].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * A path below `fleet/` with the new stack's name in place of the source's: of its folders, or of the file itself if no
 * folder has that name. The first two folders are the layout's own.
 */
export function renamedPath(path: string, { from, to }: Renaming): string {
  const [top = "", group = "", ...rest] = path.split("/");
  const renamed = rest.map((part) => (part === from ? to : part));
  if (!rest.includes(from)) {
    const last = renamed.pop();
    if (last !== undefined)
      renamed.push([`${from}.yaml`, `${from}.yml`].includes(last) ? last.replace(from, to) : last);
  }
  return [top, group, ...renamed].join("/");
}

/** A file's text with references to the new names, and the files that they lead to in the source. */
function followReferences(files: Files, file: string, renaming: Renaming) {
  const text = files[file] ?? "";
  if (!isYaml(file)) return { text, referred: [] };
  const referred: string[] = [];
  const edits: { readonly start: number; readonly end: number; readonly value: string }[] = [];
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Scalar(_key, node) {
        const reference = referenceOf(files, file, node, renaming);
        if (reference === undefined) return;
        referred.push(...reference.targets);
        if (reference.edit !== undefined) edits.push(reference.edit);
      },
    });
  }
  const edited = edits.reduceRight((now, { start, end, value }) => now.slice(0, start) + value + now.slice(end), text);
  return { text: edited, referred };
}

/** The reference that a scalar is: the files of the source that it leads to, and the text to write in its place. */
function referenceOf(files: Files, file: string, node: Scalar, renaming: Renaming) {
  const { value, range } = node;
  if (typeof value !== "string" || !/\/|\.ya?ml$/.test(value)) return undefined;
  const written = value.replaceAll(stackVariables, renaming.from);
  if (written.includes("${")) return undefined;
  // Kustomize reads paths from the folder of the file, and Flux from the root of the repository.
  for (const base of [posix.dirname(file), "."]) {
    const path = posix.join(base, written).replace(/\/$/, "");
    const target = renamedPath(path, renaming);
    const targets = Object.keys(files).filter((one) => one === path || one.startsWith(`${path}/`));
    if (target === path || targets.length === 0) continue;
    const from = base === "." ? "." : posix.dirname(renamedPath(file, renaming));
    const edit = range && value === written ? editOf(node, range, relativeLike(value, from, target)) : undefined;
    return { targets, edit };
  }
  return undefined;
}

/** A path from a folder, with the `./` and the `/` at its ends that another one was written with. */
function relativeLike(written: string, from: string, target: string): string {
  const path = posix.relative(from, target) || ".";
  const start = written.startsWith("./") && !path.startsWith(".") ? "./" : "";
  return `${start}${path}${written.endsWith("/") ? "/" : ""}`;
}

/** The edit of a scalar on one line. Undefined when it says the same already, or has another form. */
function editOf({ type, value }: Scalar, [start, end]: readonly number[], replacement: string) {
  const quote = { PLAIN: "", QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" }[String(type)];
  if (quote === undefined || start === undefined || end === undefined || value === replacement) return undefined;
  return { start, end, value: `${quote}${replacement}${quote}` };
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/.test(file) || KUSTOMIZATION_FILES.includes(posix.basename(file));
}
