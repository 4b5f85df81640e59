import { isMap, isNode, isScalar, Scalar } from "yaml";
import { type EditedDocument, parseText, printLike } from "../new-stack/yaml-text.js";

/** A suspension of syncs, as their overlay has it. */
export interface Suspension {
  /** Last day, in UTC. */
  readonly until: string;
  /** One line, which becomes a comment. */
  readonly reason: string;
}

/** The text of an overlay in which syncs are suspended. @param places of the syncs: `["sync"]`, `["syncs", "jobs"]` */
export function suspendIn(text: string, places: readonly (readonly string[])[], { until, reason }: Suspension): string {
  const document = parseText(text);
  for (const place of places) {
    prepareMaps(document, place);
    const value = new Scalar(true);
    value.comment = ` ${reason}`;
    document.setIn([...place, "suspend"], value);
    document.setIn([...place, "suspendUntil"], until);
  }
  return printLike(text, document);
}

/** The text of an overlay that suspends these syncs no longer. */
export function resumeIn(text: string, places: readonly (readonly string[])[]): string {
  const document = parseText(text);
  const fields = places.flatMap((place) => ["suspend", "suspendUntil"].map((field) => [...place, field]));
  const present = fields.filter((field) => document.hasIn(field));
  if (present.length === 0) return text;
  for (const field of present) document.deleteIn(field);
  // An additional sync stays, as `{}`: without it, the stack might not have the sync.
  const section = document.get("sync", true);
  if (isMap(section) && section.items.length === 0 && !hasComment(document, "sync")) document.delete("sync");
  return printLike(text, document);
}

/** Whether a section has comments, which would go with it. One above it may be about the whole file. */
function hasComment({ contents }: EditedDocument, key: string): boolean {
  const pair = isMap(contents) ? contents.items.find((one) => isScalar(one.key) && one.key.value === key) : undefined;
  return [pair?.key, pair?.value].some((node) => isNode(node) && (node.commentBefore ?? node.comment ?? "") !== "");
}

/** Makes the maps around a place, in lines of their own: a field gets a comment. */
function prepareMaps(document: EditedDocument, place: readonly string[]): void {
  for (let length = 0; length <= place.length; length += 1) {
    const around = place.slice(0, length);
    const node = length === 0 ? document.contents : document.getIn(around, true);
    if (isMap(node)) node.flow = false;
    else if (length === 0) document.contents = document.createNode({}) as unknown as EditedDocument["contents"];
    else document.setIn(around, document.createNode({}));
  }
}
