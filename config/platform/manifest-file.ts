import { type Document, isAlias, isPair, isScalar, isSeq, LineCounter, visit } from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import { TextMemo } from "../../lib/data/text-memo.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import { aliasFault, type SyntaxFault, syntaxFaults } from "../files/syntax-faults.js";
import { readDocuments } from "../files/yaml-documents.js";
import { offsetOf } from "../files/yaml-file.js";

/** Where something is in a file. */
export type Place = Pick<Problem, "file" | "line" | "path">;

/** A text of a manifest, or of a file that a kustomization makes an object of. */
export interface ManifestText {
  readonly text: string;
  /** Where the text is, with the line on which it has this part of it. */
  placeOf(part: string): Place;
}

/** One document of a file of manifests. */
export interface Manifest {
  readonly data: PlainObject;
  readonly texts: readonly ManifestText[];
  placeOf(path: Path): Place;
}

/** Levels of nesting that a manifest may have. Schemas of CRDs need about forty; without a limit, nesting exhausts the stack. */
const maxDepth = 200;

/** Values that the aliases of a document may stand for, as the parser has it. Go's parser has a limit too. */
const maxAliasCount = 100;

/** The documents of a file of manifests, or the problems that hide them. */
export interface ManifestFile {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/** Files that were read: all stacks have most of `fleet/` in common, and several checks read it. */
const known = new TextMemo<ManifestFile>();

/**
 * Reads a file of manifests as far as it is YAML; whether Kubernetes would take them is not asked.
 * @param args.lists whether a document may be a list, as a patch by JSON pointers is. @default false
 * @param args.plain whether tags and merges are faults: Kubernetes' parser reads other values from them. @default false
 */
export function readManifests(file: string, text: string, { lists = false, plain = false } = {}): ManifestFile {
  return known.get([String(lists), String(plain), file, text], () => readAnew(file, text, { lists, plain }));
}

interface ReadArgs {
  readonly lists: boolean;
  readonly plain: boolean;
}

function readAnew(file: string, text: string, { lists, plain }: ReadArgs): ManifestFile {
  const lines = new LineCounter();
  const placeAt = (offset: number | undefined, path: Path): Place => ({
    file,
    ...(offset === undefined ? {} : { line: lines.linePos(offset).line }),
    path: formatPath(path),
  });
  const documents = readDocuments(text, { lineCounter: lines, logLevel: "silent", maxDepth });
  if (documents === undefined) {
    const message = `nests deeper than ${maxDepth} levels`;
    return { manifests: [], problems: [{ file, path: "", message, fix: "Make it flatter" }] };
  }
  const read = documents.map((document) => {
    const { faults, ...rest } = readDocument(document, (offset) => lines.linePos(offset).line, lists);
    return { ...rest, faults: plain ? [...faults, ...hidingFaults(document)] : faults };
  });
  const problems = read.flatMap(({ faults }): Problem[] =>
    faults.map(({ offset, message, fix }) => ({ ...placeAt(offset, []), message, fix })),
  );
  if (problems.length > 0) return { manifests: [], problems };
  const manifests = read.flatMap(({ document, data }): Manifest[] => {
    if (data === undefined) return [];
    const texts = textsOf(document).map(({ value, range: [start = 0, end = start], path }) => ({
      text: value,
      // A text with escapes may have the part nowhere as it is; then it is where the text starts.
      placeOf: (part: string) => placeAt(start + Math.max(text.slice(start, end).indexOf(part), 0), path),
    }));
    return [{ data, texts, placeOf: (path: Path) => placeAt(offsetOf(document.contents, path), path) }];
  });
  return { manifests, problems };
}

type Fault = Pick<SyntaxFault, "offset" | "message" | "fix">;

/** @returns data - of a list, an empty object; undefined for a document without content */
function readDocument(document: Document.Parsed, lineAt: (offset: number) => number, lists: boolean) {
  const offset = document.contents?.range[0] ?? 0;
  // A warning is about a tag, which may well be one that Kubernetes' parser knows.
  const ofSyntax = document.errors.length === 0 ? [] : syntaxFaults(document, lineAt);
  const faults: Fault[] = [...ofSyntax, ...unresolvedAliases(document)];
  if (faults.length > 0) return { document, faults, data: undefined };
  if (document.directives?.yaml.version === "1.1") {
    // Merges of that version repeat maps without a limit.
    const message = "has a directive for YAML 1.1, in which the same text has other values";
    return { document, faults: [{ offset, message, fix: "Remove the directive" }], data: undefined };
  }
  const value = plainValue(document);
  if (value === undefined) {
    const message = `has aliases that stand for more than ${maxAliasCount} values`;
    return { document, faults: [{ offset, message, fix: "Write the values out" }], data: undefined };
  }
  if (value === null) return { document, faults, data: undefined };
  if (isPlainObject(value)) return { document, faults, data: value };
  if (lists && Array.isArray(value)) return { document, faults, data: {} };
  const message = `is ${Array.isArray(value) ? "a list" : "a single value"} where a map with apiVersion and kind belongs`;
  return { document, faults: [{ offset, message, fix: "Write one map for each object, with --- between them" }] };
}

/** The content of a document; undefined when its aliases would expand to too much. */
function plainValue(document: Document.Parsed): PlainValue | undefined {
  try {
    return document.toJS({ maxAliasCount }) as PlainValue;
  } catch (error) {
    // Aliases without an anchor are reported before.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Aliases without their anchor, of which the parser makes no error. */
function unresolvedAliases(document: Document.Parsed): Fault[] {
  const found: Fault[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.source === "" || alias.resolve(document) !== undefined) return;
      const message = `is not YAML: the anchor of *${alias.source} does not stand before it`;
      const fault = aliasFault(alias.source, { message, fix: "Correct the syntax" });
      found.push({ offset: alias.range?.[0] ?? 0, ...fault });
    },
  });
  return found;
}

/** Values that Kubernetes' parser decodes or takes from elsewhere, so that the text does not show them. */
function hidingFaults(document: Document.Parsed): Fault[] {
  const found: Fault[] = [];
  visit(document, {
    Node(key, node) {
      if (isAlias(node)) return;
      const offset = node.range?.[0] ?? 0;
      if (node.tag !== undefined) {
        const message = `has the tag ${node.tag}, which may stand for another value than it seems`;
        found.push({ offset, message, fix: "Write the value without a tag" });
      }
      if (key === "key" && isScalar(node) && node.value === "<<") {
        found.push({ offset, message: "merges maps by <<, which may hide a field", fix: "Write the fields out" });
      }
    },
  });
  return found;
}

function textsOf(document: Document.Parsed) {
  const texts: { value: string; range: readonly number[]; path: Path }[] = [];
  visit(document, {
    Scalar(key, { value, range }, ancestors) {
      if (typeof value !== "string") return;
      const path = ancestors.flatMap((ancestor, index): Path => {
        if (isPair(ancestor)) return isScalar(ancestor.key) ? [String(ancestor.key.value)] : [];
        if (!isSeq(ancestor)) return [];
        const item = ancestors[index + 1];
        return [item === undefined ? Number(key) : ancestor.items.indexOf(item)];
      });
      texts.push({ value, range: range ?? [], path });
    },
  });
  return texts;
}
