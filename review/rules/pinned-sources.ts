import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { fieldAt, listAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { Rule, Violation } from "./rule.js";

/** A version without a range, with or without its `v`. */
const exact = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

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
    [["spec", "ref", "tag"], exact],
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

/** Charts and manifests that the platform's files fetch from elsewhere. */
export const pinnedSources: Rule = {
  name: "pinned-sources",
  level: "mandatory",
  title: "each chart and source in fleet/ is pinned to one version",
  reason: "a range or a branch brings changes to every cluster that no review has seen",
  fix: "name one version, tag, commit or digest",
  violations: ({ plan }) =>
    ofKind(plan, "RepositoryFile")
      .filter((file) => /^fleet\/.+\.ya?ml$/.test(textAt(file, "file")))
      .flatMap(unpinnedIn),
};

function unpinnedIn(resource: PlannedResource): Violation[] {
  const [file, content] = [textAt(resource, "file"), textAt(resource, "content")];
  const lines = new LineCounter();
  const documents: Document.Parsed[] = [...parseAllDocuments(content, { lineCounter: lines, merge: true })];
  return documents.flatMap((document) => {
    const line = lines.linePos(document.contents?.range[0] ?? 0).line;
    // With aliases and merged keys in place, as Kubernetes reads it.
    return objectsIn(document.toJS()).flatMap((object) =>
      isPinned(object)
        ? []
        : [
            {
              resource,
              place: { file, line },
              message: `${textIn(object, "kind")} ${textIn(object, "metadata", "name")} is not pinned`,
            },
          ],
    );
  });
}

/** The objects of a document. A List holds several. */
function objectsIn(content: unknown): unknown[] {
  const items = listAt(content, "items");
  return items.length === 0 ? [content] : items.flatMap(objectsIn);
}

/** Whether an object follows neither a range nor a branch. */
function isPinned(object: unknown): boolean {
  const kind = textIn(object, "kind");
  // A release names a chart by itself, or an object that is judged on its own.
  const isChart = kind === "HelmRelease" && fieldAt(object, "spec", "chart") !== undefined;
  const fields = isChart ? releasePins : Object.hasOwn(pins, kind) ? pins[kind] : undefined;
  if (fields === undefined) return true;
  const decisive = fields.find(([path]) => textIn(object, ...path) !== "");
  return decisive?.[1].test(textIn(object, ...decisive[0])) ?? false;
}

const releasePins: Pins = [[["spec", "chart", "spec", "version"], exact]];

function textIn(object: unknown, ...path: readonly string[]): string {
  const value = fieldAt(object, ...path);
  return value === undefined ? "" : valueText(value);
}
