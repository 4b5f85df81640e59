import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { unpinnedField } from "../../config/platform/unpinned-field.js";
import { fieldAt, listAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { Rule, Violation } from "./rule.js";

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
      unpinnedField(object) === undefined
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

function textIn(object: unknown, ...path: readonly string[]): string {
  const value = fieldAt(object, ...path);
  return value === undefined ? "" : valueText(value);
}
