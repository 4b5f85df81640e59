import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";

/** Where something is in a file. */
export type Place = Pick<Problem, "file" | "line" | "path">;

/** A text in a manifest: a value, or a key. */
export interface ManifestText {
  readonly text: string;
  /** Where the text is, with the line on which it has this part of it. */
  placeOf(part: string): Place;
}

/** One document of a file of manifests. */
export interface Manifest {
  readonly data: PlainObject;
  readonly texts: readonly ManifestText[];
  /** Where a field is. */
  placeOf(path: Path): Place;
}

/** The content of a file of manifests. */
export interface ManifestFile {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file of manifests as far as it is YAML; whether Kubernetes would take them is not asked.
 * @param file where problems say they are
 */
export function readManifests(file: string, text: string): ManifestFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const documents = [...parsed];
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) {
    const problems = errors.map(({ message, pos: [offset] }) => ({
      file,
      line: lineAt(offset),
      path: "",
      message: `is not YAML: ${message}`,
      fix: "Correct the syntax",
    }));
    return { manifests: [], problems };
  }
  const manifests = documents.flatMap((document) => {
    const data: PlainValue = document.toJS();
    if (!isPlainObject(data)) return [];
    return [
      {
        data,
        texts: textsOf(document).map(({ node, path }) => ({
          text: node.value,
          placeOf: (part: string) => ({ file, line: lineAt(offsetOf(part, node, text)), path: formatPath(path) }),
        })),
        placeOf: (path: Path) => {
          const offset = nodeAt(document, path)?.range?.[0];
          return { file, ...(offset === undefined ? {} : { line: lineAt(offset) }), path: formatPath(path) };
        },
      },
    ];
  });
  return { manifests, problems: [] };
}

interface TextNode {
  readonly value: string;
  readonly range?: readonly number[] | null | undefined;
}

function textsOf(document: Document.Parsed): { readonly node: TextNode; readonly path: Path }[] {
  const texts: { node: TextNode; path: Path }[] = [];
  visit(document, {
    Scalar(key, { value, range }, ancestors) {
      if (typeof value !== "string") return;
      const path = ancestors.flatMap((ancestor, index): Path => {
        if (isPair(ancestor)) return isScalar(ancestor.key) ? [String(ancestor.key.value)] : [];
        if (!isSeq(ancestor)) return [];
        const item = ancestors[index + 1];
        return [item === undefined ? Number(key) : ancestor.items.indexOf(item)];
      });
      texts.push({ node: { value, range }, path });
    },
  });
  return texts;
}

/** A text that is written with escapes may have a part nowhere as it is; then it is where the text starts. */
function offsetOf(part: string, { range }: TextNode, source: string): number {
  const [start = 0, end = start] = range ?? [];
  const found = source.slice(start, end).indexOf(part);
  return start + Math.max(found, 0);
}

/** The value at a path, or its nearest parent when there is none. */
function nodeAt(document: Document.Parsed, path: Path): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!isNode(next)) break;
    node = next;
  }
  return node;
}
