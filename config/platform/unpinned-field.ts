import { isPlainObject } from "../../lib/data/merge.js";
import { valueAt } from "../files/location.js";

/** A version without a range, with or without its `v`. */
const exact = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
/** The same as a tag: a registry allows no plus sign, so Helm writes an underscore. */
const exactTag = /^v?\d+\.\d+\.\d+(?:[-+_][0-9A-Za-z.+_-]+)?$/;

/** The first of the fields that an object has decides: it pins the object if its text has the form. */
type Pins = readonly (readonly [path: readonly string[], form: RegExp])[];

const anything = /./;
const nothing = /^(?!)/;
/** Fields in the order in which Flux prefers them. */
const pins: Readonly<Record<string, Pins>> = {
  HelmChart: [[["spec", "version"], exact]],
  OCIRepository: [
    [["spec", "ref", "digest"], /^sha256:[0-9a-f]{64}$/],
    [["spec", "ref", "semver"], exact],
    [["spec", "ref", "tag"], exactTag],
  ],
  GitRepository: [
    [["spec", "ref", "commit"], anything],
    [["spec", "ref", "name"], /^refs\/tags\/./],
    [["spec", "ref", "semver"], exact],
    [["spec", "ref", "tag"], anything],
  ],
  // The content of a bucket has no version.
  Bucket: [[["spec", "bucketName"], nothing]],
};
const releasePins: Pins = [[["spec", "chart", "spec", "version"], exact]];

/**
 * The field that lets an object follow a range or a branch; of one that names no version, the field that would. Undefined
 * for an object that is pinned, or that fetches nothing.
 */
export function unpinnedField(object: unknown): readonly string[] | undefined {
  const kind = textIn(object, "kind");
  // A release names a chart by itself, or an object that is judged on its own.
  const isChart = kind === "HelmRelease" && isPlainObject(object) && valueAt(object, ["spec", "chart"]) !== undefined;
  const fields = isChart ? releasePins : Object.hasOwn(pins, kind) ? pins[kind] : undefined;
  if (fields === undefined) return undefined;
  const decisive = fields.find(([path]) => textIn(object, ...path) !== "");
  if (decisive?.[1].test(textIn(object, ...decisive[0])) === true) return undefined;
  return (decisive ?? fields[0])?.[0] ?? [];
}

/** A text of an object. Another value counts as JSON, which no form above accepts. */
function textIn(object: unknown, ...path: readonly string[]): string {
  const value = isPlainObject(object) ? valueAt(object, path) : undefined;
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
