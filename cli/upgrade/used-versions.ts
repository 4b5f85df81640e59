import { LineCounter, parseAllDocuments } from "yaml";
import type { DefinedKind } from "../../flux/release/definitions.js";
import type { Problem } from "../../lib/diagnostics/problem.js";

/**
 * The objects of Flux's kinds in files whose version a release does not serve. Flux would refuse to apply them.
 * @param files by path, with slashes
 * @param release the release, for messages: `Flux v2.9.3`
 */
export function unservedObjects(
  files: Readonly<Record<string, string>>,
  kinds: readonly DefinedKind[],
  release: string,
): Problem[] {
  return Object.entries(files)
    .filter(([file]) => /\.ya?ml$/.test(file))
    .flatMap(([file, text]) => documentsOf(text).flatMap((object) => unserved(file, object, kinds, release)));
}

interface WrittenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly line: number;
}

/** The objects of a text. Documents that are no YAML, or no object, are the concern of other checks. */
function documentsOf(text: string): WrittenObject[] {
  const lines = new LineCounter();
  return [...parseAllDocuments(text, { lineCounter: lines, logLevel: "silent" })].flatMap((document) => {
    if (document.errors.length > 0) return [];
    const [apiVersion, kind] = [document.get("apiVersion"), document.get("kind")];
    if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
    const node = document.get("apiVersion", true) as { readonly range?: readonly number[] | null } | undefined;
    return [{ apiVersion, kind, line: lines.linePos(node?.range?.[0] ?? 0).line }];
  });
}

function unserved(
  file: string,
  { apiVersion, kind, line }: WrittenObject,
  kinds: readonly DefinedKind[],
  release: string,
): Problem[] {
  const [group = "", version = ""] = apiVersion.split("/");
  const defined = kinds.find((one) => one.group === group && one.kind === kind);
  if (defined === undefined || defined.served.includes(version)) return [];
  const message = `${release} does not serve ${kind} in ${apiVersion}, but in ${defined.served.join(" and ")}`;
  return [{ file, line, path: "apiVersion", message, fix: `Write ${group}/${defined.served.at(-1)}` }];
}
