import { type Document, isMap, isScalar, type Scalar, visit, type YAMLError, type YAMLMap, YAMLWarning } from "yaml";
import type { Problem } from "../../lib/diagnostics/problem.js";

/** A fault of a YAML text, with its place in it. */
export interface SyntaxFault extends Pick<Problem, "message" | "fix"> {
  /** Where the fault starts in the text, counted from 0. */
  readonly offset: number;
  /** Whether the rest of the document is what the text says. */
  readonly isHarmless: boolean;
}

/**
 * The faults that the parser found in a document, in words that name the cause.
 * @param lineAt line of an offset in the text, counted from 1
 */
export function syntaxFaults(document: Document.Parsed, lineAt: (offset: number) => number): SyntaxFault[] {
  const { errors, warnings } = document;
  // The parser puts lines after a tab at the wrong depth: keys look given twice, and values look like keys.
  const tabs = errors.filter(({ code }) => code === "TAB_AS_INDENT");
  return (tabs.length > 0 ? tabs : [...errors, ...warnings]).map((error) => ({
    offset: error.pos[0],
    isHarmless: error.code === "DUPLICATE_KEY" || error instanceof YAMLWarning,
    ...(error.code === "DUPLICATE_KEY" ? repeatedKey(document, error.pos[0], lineAt) : faultOf(error)),
  }));
}

/** The fault of an alias that cannot be resolved, or that is not supported. */
export function aliasFault(source: string, otherwise: Pick<Problem, "message" | "fix">) {
  // Anchors are words. A host with a wildcard, or a pattern of files, starts with a dot or a slash after the star.
  if (/^[\p{L}\p{N}_-]+$/u.test(source)) return otherwise;
  const message = `has the text *${source} without quotes, which YAML takes for an alias`;
  return { message, fix: `Put it in quotes: "*${source}"` };
}

function faultOf({ code, message }: YAMLError): Pick<Problem, "message" | "fix"> {
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "is indented with a tab, which YAML does not allow", fix: "Indent with spaces" };
    case "TAG_RESOLVE_FAILED":
      return { message: "uses a YAML tag, which is not supported", fix: "Remove it" };
    case "BAD_ALIAS":
      return { message: "has a * without quotes, which YAML takes for an alias", fix: 'Put it in quotes: "*"' };
    case "BLOCK_AS_IMPLICIT_KEY":
      return {
        message: "has a second colon where YAML reads a value",
        fix: "Put a text with a colon in quotes, and start each key on a line of its own",
      };
    case "BAD_SCALAR_START":
      return { message: `is not YAML: ${message}`, fix: "Put the text in quotes" };
    default:
      return { message: `is not YAML: ${message}`, fix: "Correct the syntax" };
  }
}

function repeatedKey(document: Document.Parsed, offset: number, lineAt: (offset: number) => number) {
  const keys: Scalar[] = [];
  visit(document, {
    Map(_key, map) {
      const own = keysOf(map);
      const repeated = own.find(({ range }) => range?.[0] === offset);
      if (repeated === undefined) return undefined;
      keys.push(...own.filter(({ value }) => value === repeated.value));
      return visit.BREAK;
    },
  });
  const [first] = keys;
  const name = JSON.stringify(String(first?.value));
  const where = first?.range == null ? "" : `, first on line ${lineAt(first.range[0])}`;
  return { message: `gives the key ${name} twice${where}`, fix: "Keep one of them" };
}

function keysOf(map: YAMLMap): Scalar[] {
  return isMap(map) ? map.items.map(({ key }) => key).filter((key) => isScalar(key)) : [];
}
