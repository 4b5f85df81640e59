import { stringify } from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { DeclaringFiles } from "../files/location.js";
import { type Origin, originOf } from "./origins.js";

/** A tenant as YAML, with a comment after each value that names the file and line that decided it. */
export function printWithOrigins(files: DeclaringFiles, form: PlainObject): string {
  return linesOf(form, [], (place) => originText(originOf(files, place)))
    .map((line) => `${line}\n`)
    .join("");
}

function linesOf(map: PlainObject, place: readonly string[], origin: (place: readonly string[]) => string): string[] {
  const indent = "  ".repeat(place.length);
  return Object.entries(map).flatMap(([key, value]) => {
    const at = [...place, key];
    if (isPlainObject(value) && Object.keys(value).length > 0) {
      return [`${indent}${yamlLines({ [key]: null })[0]}`, ...linesOf(value, at, origin)];
    }
    const [first, ...rest] = yamlLines({ [key]: value });
    return [`${indent}${first}  # ${origin(at)}`, ...rest.map((line) => `${indent}${line}`)];
  });
}

function yamlLines(data: Readonly<Record<string, PlainValue>>): string[] {
  // Without folding, the first line of a text ends where a comment can follow.
  const oneLine = { lineWidth: 0, blockQuote: false, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER } as const;
  return stringify(data, { ...oneLine, nullStr: "", defaultStringType: "PLAIN" })
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** An origin in words: `stacks/staging/defaults.yaml:3`, `default`, or `default, by null in FILE:LINE`. */
export function originText({ layer, file, line }: Origin): string {
  if (file === undefined) return layer;
  const place = line === undefined ? file : `${file}:${line}`;
  return layer === "default" ? `default, by null in ${place}` : place;
}
