import { type Document, isMap, isScalar, parseAllDocuments, stringify } from "yaml";
import { fleetError } from "../lib/diagnostics/problem.js";

/** A value to write at a place of a YAML file. */
export interface YamlEdit {
  readonly path: readonly string[];
  readonly value: string | Readonly<Record<string, string | null>>;
  /** The document of the file that is meant. @default - the first */
  readonly isMeant?: (data: unknown) => boolean;
}

/**
 * A YAML text with a value at a place. All other lines stay as they are, with their comments, order and layout.
 * @param file path of the text, for problems
 * @throws FleetError when the text has no such document, or the edit would change other lines
 */
export function editYaml(file: string, text: string, { path, value, isMeant = () => true }: YamlEdit): string {
  const documents = parseAllDocuments(text);
  const document = [...documents].find((one) => isMeant(one.toJS()));
  if (text.trim() === "" || document === undefined) return edited(file, text, path, value);
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range && typeof value === "string") {
    const [start, end] = node.range;
    return `${text.slice(0, start)}${scalarLike(node.type, value)}${text.slice(end)}`;
  }
  return edited(file, text, path, value, document, documents.length);
}

/** A text as a scalar, in the quotes of the one that it replaces. */
function scalarLike(type: string | undefined, value: string): string {
  const quotes = { QUOTE_DOUBLE: "QUOTE_DOUBLE", QUOTE_SINGLE: "QUOTE_SINGLE" } as const;
  const style = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE" ? quotes[type] : "PLAIN";
  return stringify(value, { defaultStringType: style, lineWidth: 0 }).trimEnd();
}

/** The text with a new map or scalar, where the parser must lay it out. */
function edited(
  file: string,
  text: string,
  path: readonly string[],
  value: YamlEdit["value"],
  document?: Document.Parsed,
  count = 1,
): string {
  const byHand = (why: string) => {
    const wanted = stringify(path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)).trim();
    return fleetError(file, path.join("."), why, `Write it by hand: ${wanted.replaceAll(/\n\s*/g, " ")}`);
  };
  if (count > 1) throw byHand("has more than one document");
  if (document === undefined || !isMap(document.contents) || document.contents.items.length === 0) {
    // A file without fields has comments at most, and {} where the overlay is empty.
    const kept = text.replace(/^\{\s*\}[ \t]*\n?/m, "");
    return `${kept}${stringify(path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value))}`;
  }
  document.setIn(path, document.createNode(value));
  const after = document.toString({
    lineWidth: 0,
    indentSeq: !/^( *)\S.*:\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  });
  const changed = keptLines(text, after, path);
  if (changed !== undefined) throw byHand(`has a layout that an edit would change (${JSON.stringify(changed)})`);
  return after;
}

/** The first line that an edit dropped, apart from those of the place itself. Undefined when all others are kept. */
function keptLines(before: string, after: string, path: readonly string[]): string | undefined {
  const lines = after.split("\n");
  const own = new RegExp(`^\\s*(${path.join("|")}|branch|tag|semver|commit):`);
  let from = 0;
  for (const line of before.trimEnd().split("\n")) {
    const found = lines.indexOf(line, from);
    if (found < 0 && !own.test(line)) return line;
    if (found >= 0) from = found + 1;
  }
  return undefined;
}
