import { type Document, isMap, isScalar, LineCounter, parseAllDocuments } from "yaml";
import { ofKind, textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { Rule, Violation } from "./rule.js";

/** A version without a range, with or without its `v`. */
const exact = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** One of the fields pins the object if its text has the form. */
type Pins = readonly (readonly [path: readonly string[], form: RegExp])[];

const anything = /./;
const pins: Readonly<Record<string, Pins>> = {
  HelmChart: [[["spec", "version"], exact]],
  OCIRepository: [
    [["spec", "ref", "digest"], anything],
    [["spec", "ref", "tag"], exact],
  ],
  GitRepository: [
    [["spec", "ref", "commit"], anything],
    [["spec", "ref", "tag"], anything],
  ],
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
  const documents: Document.Parsed[] = [...parseAllDocuments(content, { lineCounter: lines })];
  return documents.flatMap((document) => {
    const object = unpinned(document);
    if (object === undefined) return [];
    const line = lines.linePos(document.contents?.range[0] ?? 0).line;
    return [{ resource, place: { file, line }, message: `${object} is not pinned` }];
  });
}

/** The kind and name of an object that follows a range or a branch. */
function unpinned(document: Document.Parsed): string | undefined {
  if (!isMap(document.contents)) return undefined;
  const text = (...path: readonly string[]) => {
    const value = document.getIn(path, true);
    return isScalar(value) ? String(value.value) : "";
  };
  const [kind, name] = [text("kind"), text("metadata", "name")];
  const ofKindPins = kind === "HelmRelease" ? chartPins(document) : Object.hasOwn(pins, kind) ? pins[kind] : undefined;
  if (ofKindPins === undefined || ofKindPins.some(([path, form]) => form.test(text(...path)))) return undefined;
  return `${kind} ${name}`;
}

/** A release names a chart by itself, or an object that is judged on its own. */
function chartPins(document: Document.Parsed): Pins | undefined {
  return document.hasIn(["spec", "chart"]) ? [[["spec", "chart", "spec", "version"], exact]] : undefined;
}
