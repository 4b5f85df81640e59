import { type Document, isCollection, isMap, isScalar, type ParsedNode, parseDocument, type YAMLMap } from "yaml";
import type { Path } from "../../lib/diagnostics/zod-issues.js";

/** A YAML document that is edited, and printed with its comments. */
export type EditedDocument = Document.Parsed<ParsedNode>;

/** Comments at the start of a text that belong to the whole file: the line that names its schema, and those above a blank line. */
const fileComments = /^(?:# yaml-language-server:.*\n|(?:#.*\n)+\n+)*/;

/** Parses a text that the loader has read without problems. */
export function parseText(text: string): EditedDocument {
  return parseDocument(unixLines(text).replace(fileComments, ""));
}

/** The text of an edited document, in the layout of the text that it was parsed from. */
export function printLike(text: string, document: EditedDocument): string {
  const former = unixLines(text);
  const printed = document.toString({
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#].*:\n\1- /m.test(former),
    flowCollectionPadding: /[[{] \S/.test(former),
  });
  // With the first field, the parser would drop the comments above it.
  const edited = `${fileComments.exec(former)?.[0] ?? ""}${printed.replace(/^\n+/, "")}`;
  return former === text ? edited : edited.replaceAll("\n", "\r\n");
}

/** A text with the line ends of Unix. A text in those of Windows gets them back when it is printed. */
function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/**
 * The places of a document that match a pattern, in which `*` stands for any key.
 * @param pattern keys from the root of the document
 */
export function matchingPlaces(node: unknown, [key, ...rest]: readonly string[]): readonly Path[] {
  if (key === undefined) return [[]];
  if (!isMap(node)) return [];
  const keys = key === "*" ? keysOf(node) : keysOf(node).filter((one) => one === key);
  return keys.flatMap((one) => matchingPlaces(node.get(one, true), rest).map((place) => [one, ...place]));
}

/** The keys of a map, as text. */
export function keysOf(map: YAMLMap): readonly string[] {
  return map.items.map(({ key }) => String(isScalar(key) ? key.value : key));
}

/** Removes a place, and each map and list around it that is empty then. */
export function removeWithEmptyParents(document: EditedDocument, place: Path): void {
  for (let length = place.length; length > 0; length -= 1) {
    const around = place.slice(0, length);
    const node = document.getIn(around, true);
    if (length < place.length && !(isCollection(node) && node.items.length === 0)) return;
    document.deleteIn(around);
  }
}
