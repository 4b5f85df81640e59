import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { isMap, isNode, isScalar, isSeq, LineCounter, visit } from "yaml";
import { TextMemo } from "../../lib/data/text-memo.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { aliasFault, syntaxFaults } from "./syntax-faults.js";
import { readDocuments } from "./yaml-documents.js";

/** Bytes that a file may have; the longest sensible one is a hundredth of it. */
const maxBytes = 64 * 1024;

/** Levels of nesting that a file may have; a tenant file needs three. Without a limit, nesting exhausts the stack. */
const maxDepth = 32;

/** A YAML file as plain data, with the problems of its text. */
export interface YamlFile {
  /** Path from the root of the checkout, with slashes. */
  readonly file: string;
  /** Whether `data` is what the file says; when not, the problems say why. */
  readonly readable: boolean;
  /** The content of the file; null when it is empty or not readable. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Places of keys and items with nothing after them. In the data they are null, as where null is written. */
  readonly blanks: readonly Path[];
  /** Line of a place in the data, counted from 1; of what is around it when the place itself is not written. */
  lineOf(place: Path): number | undefined;
}

type Fault = Pick<Problem, "message" | "fix">;

/** Reads one YAML file. It does not throw for what is in the file. */
export function readYamlFile(root: string, file: string): YamlFile {
  const absolute = path.join(root, file);
  if (statSync(absolute).size > maxBytes) {
    return unreadable(file, { message: `is longer than the ${maxBytes} bytes that are read`, fix: "Shorten it" });
  }
  const bytes = readFileSync(absolute);
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) {
    return unreadable(file, { message: "is not UTF-8 text", fix: "Save it as UTF-8" });
  }
  return parseYaml(file, text);
}

/** Files that were parsed: the stacks of one revision share most of theirs. */
const parsed = new TextMemo<YamlFile>();

/**
 * Reads YAML text. Aliases are refused altogether: a few lines of them can expand to gigabytes, and a reader should find
 * what holds for a tenant where it is written.
 */
export function parseYaml(file: string, text: string): YamlFile {
  return parsed.get([file, text], () => parseYamlAnew(file, text));
}

/** As {@link parseYaml}, without keeping the result for later: for a file with credentials. */
export function parseYamlAnew(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const documents = readDocuments(text, {
    version: "1.2",
    schema: "core",
    stringKeys: true,
    resolveKnownTags: false,
    lineCounter: lines,
    maxDepth,
  });
  if (documents === undefined) {
    return unreadable(file, { message: `nests deeper than ${maxDepth} levels`, fix: "A tenant file needs three" });
  }
  const [document, second] = documents;
  const lineOf = () => undefined;
  if (document === undefined) return { file, readable: true, data: null, problems: [], blanks: [], lineOf };

  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problemAt = (offset: number, fault: Fault) => ({ file, path: "", line: lineAt(offset), ...fault });
  const faults = syntaxFaults(document, lineAt);
  const aliases: Problem[] = [];
  visit(document, {
    Alias(_key, { range, source }) {
      // The parser has a fault of its own for a star alone.
      if (source !== "") aliases.push(problemAt(range?.[0] ?? 0, aliasFault(source, noAliases)));
    },
  });
  // A key given twice leaves data that is worth checking further; anything else may hide what was meant.
  const readable = aliases.length === 0 && faults.every(({ isHarmless }) => isHarmless);
  return {
    file,
    readable,
    data: readable ? document.toJS() : null,
    problems: [
      ...faults.map(({ offset, message, fix }) => problemAt(offset, { message, fix })),
      ...aliases,
      ...(second ? [problemAt(second.range[0], moreDocuments)] : []),
    ],
    blanks: blanksOf(document.contents, []),
    lineOf(place) {
      const offset = offsetOf(document.contents, place);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/** A file that nothing could be read from. */
export function unreadable(file: string, fault: Fault): YamlFile {
  return {
    file,
    readable: false,
    data: null,
    problems: [{ file, path: "", ...fault }],
    blanks: [],
    lineOf: () => undefined,
  };
}

function blanksOf(node: unknown, place: Path): Path[] {
  if (isMap(node))
    return node.items.flatMap(({ key, value }) => blanksOf(value, [...place, String(isScalar(key) ? key.value : key)]));
  if (isSeq(node)) return node.items.flatMap((item, index) => blanksOf(item, [...place, index]));
  return place.length > 0 && (node === null || (isScalar(node) && node.source === "" && node.value === null))
    ? [place]
    : [];
}

const noAliases = {
  message: "uses a YAML alias, which is not supported",
  fix: "Write the value out where it is used",
};

const moreDocuments = {
  message: "has more than one YAML document",
  fix: "Keep the first, and remove everything from the second --- on",
};

/** Where the last written step of a path starts: its key in a map, its item in a list. */
export function offsetOf(contents: unknown, place: Path): number | undefined {
  let node = contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of place) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) : null;
    const start = isSeq(node) && typeof step === "number" ? node.items[step] : pair?.key;
    if (!isNode(start)) break;
    offset = start.range?.[0];
    node = pair ? pair.value : start;
  }
  return offset;
}
