import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, type Pair, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";
import { CHART_DIGEST_ANNOTATION } from "../../../config/platform/chart-lock.js";
import { mergeOverlay, type PlainObject } from "../../../lib/data/merge.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { FleetChart } from "./fleet-chart.js";

/** A key of a map, and the map in the text. */
interface Field {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * The text of a file with the digest of one of its charts: `spec.ref.digest` beside the tag, or the annotation of a
 * release. All other bytes stay, with comments, order and layout.
 * @throws FleetError when the layout of the file has no place for it
 */
export function writeDigest(text: string, chart: FleetChart, digest: string): string {
  const { path, value }: Field = chart.enforced
    ? { path: ["spec", "ref", "digest"], value: digest }
    : { path: ["metadata", "annotations", CHART_DIGEST_ANNOTATION], value: `${chart.version}@${digest}` };
  const written = withField(text, chart.document, path, value);
  const [before, after] = [text, written].map((one) => objectsIn(one ?? ""));
  const set = path.reduceRight<PlainObject | string>((inner, key) => ({ [key]: inner }), value) as PlainObject;
  const wanted = before?.map((object, index) => (index === chart.document ? mergeOverlay(object, set) : object));
  if (written !== undefined && isDeepStrictEqual(after, wanted)) return written;
  const fix = `Write it by hand: ${path.join(".")}: ${value}`;
  throw new FleetError([{ ...chart.place, message: `${chart.id} has a layout that no digest fits into`, fix }]);
}

function objectsIn(text: string): readonly PlainObject[] {
  return documentsIn(text).map((document) => document.toJS() as PlainObject);
}

function documentsIn(text: string) {
  return [...parseAllDocuments(text)].filter((document) => document.contents !== null && document.toJS() !== null);
}

/** @returns undefined when the maps around the field are none that a text can be put into */
function withField(text: string, index: number, path: readonly string[], value: string): string | undefined {
  const document = documentsIn(text)[index];
  const former = document?.getIn(path, true);
  if (isScalar(former) && former.range) return replaced(text, former, value);
  const [last = "", parent = ""] = [path.at(-1), path.at(-2)];
  const map = document?.getIn(path.slice(0, -1), true);
  if (isMap(map)) return added(text, map, `${last}: ${value}`);
  const outer = document?.getIn(path.slice(0, -2), true);
  if (!isMap(outer) || map !== undefined) return undefined;
  if (outer.flow) return added(text, outer, `${parent}: {${last}: "${value}"}`);
  return added(text, outer, `${parent}:`, `  ${last}: ${value}`);
}

function replaced(text: string, { range, type }: Scalar, value: string): string {
  const [start = 0, end = start] = range ?? [];
  const quote = type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : "";
  return `${text.slice(0, start)}${quote}${value}${quote}${text.slice(end)}`;
}

/** The text with lines after the first scalar of a map, in which they are further keys. */
function added(text: string, map: YAMLMap, ...lines: readonly string[]): string | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && isScalar(item.value)) as Pair<Scalar, Scalar> | undefined;
  const [start] = pair?.key.range ?? [];
  const [, end] = pair?.value?.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  if (map.flow) return `${text.slice(0, end)}, ${lines.join(" ")}${text.slice(end)}`;
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  const lineEnd = text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end);
  const inserted = lines.map((line) => `\n${indent}${line}`).join("");
  return /^\s*$/.test(indent) ? `${text.slice(0, lineEnd)}${inserted}${text.slice(lineEnd)}` : undefined;
}
