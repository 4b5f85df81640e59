import { type Document, isNode, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";

/** Where something is in a file. */
export type Place = Pick<Problem, "file" | "line" | "path">;

interface ManifestText {
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

/** Reads a file of manifests as far as it is YAML; whether Kubernetes would take them is not asked. */
export function readManifests(file: string, text: string): { manifests: Manifest[]; problems: Problem[] } {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" })];
  const placeAt = (offset: number | undefined, path: Path): Place => ({
    file,
    ...(offset === undefined ? {} : { line: lines.linePos(offset).line }),
    path: formatPath(path),
  });
  const faults = documents.flatMap((document) => [
    ...document.errors.map(({ message, pos }) => ({ offset: pos[0], message })),
    ...unresolvedAliases(document),
  ]);
  if (faults.length > 0) {
    const problems = faults.map(({ offset, message }) => {
      return { ...placeAt(offset, []), message: `is not YAML: ${message}`, fix: "Correct the syntax" };
    });
    return { manifests: [], problems };
  }
  const manifests = documents.flatMap((document) => {
    const data: PlainValue = document.toJS();
    if (!isPlainObject(data)) return [];
    const texts = textsOf(document).map(({ value, range: [start = 0, end = start], path }) => ({
      text: value,
      // A text with escapes may have the part nowhere as it is; then it is where the text starts.
      placeOf: (part: string) => placeAt(start + Math.max(text.slice(start, end).indexOf(part), 0), path),
    }));
    return [{ data, texts, placeOf: (path: Path) => placeAt(offsetOf(document, path), path) }];
  });
  return { manifests, problems: [] };
}

/** Aliases without their anchor, of which the parser makes no error. */
function unresolvedAliases(document: Document.Parsed) {
  const found: { offset: number | undefined; message: string }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      found.push({ offset: alias.range?.[0], message: `the anchor of *${alias.source} does not stand before it` });
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

/** Where the value at a path starts, or its nearest parent when there is none. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const node = path.map((_, index) => document.getIn(path.slice(0, path.length - index), true)).find(isNode);
  return (node ?? document.contents)?.range?.[0];
}
