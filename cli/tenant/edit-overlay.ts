import { isMap, isNode, isScalar, Scalar } from "yaml";
import { type EditedDocument, parseText, printLike } from "../new-stack/yaml-text.js";

/** The end of an exception, and its reason. */
export interface Exception {
  /** Last day, in UTC. */
  readonly until: string;
  /** One line. */
  readonly reason: string;
}

type Write = (document: EditedDocument, place: readonly string[], exception: Exception) => void;

const writes: Readonly<Record<"suspend" | "freeze", Write>> = {
  suspend: (document, place, { until, reason }) => {
    prepareMaps(document, place);
    const value = new Scalar(true);
    value.comment = ` ${reason}`;
    document.setIn([...place, "suspend"], value);
    document.setIn([...place, "suspendUntil"], until);
  },
  freeze: (document, place, { until, reason }) => {
    prepareMaps(document, [...place, "freeze"]);
    document.setIn([...place, "freeze", "until"], until);
    document.setIn([...place, "freeze", "reason"], reason);
  },
};

/** The text of an overlay in which syncs have an exception. @param places of the syncs: `["sync"]`, `["syncs", "jobs"]` */
export function exceptionIn(
  kind: keyof typeof writes,
  text: string,
  places: readonly (readonly string[])[],
  exception: Exception,
): string {
  const document = parseText(text);
  for (const place of places) writes[kind](document, place, exception);
  return printLike(text, document);
}

/** The text of an overlay without some fields of these syncs. */
export function withoutFields(text: string, places: readonly (readonly string[])[], names: readonly string[]): string {
  const document = parseText(text);
  const fields = places.flatMap((place) => names.map((field) => [...place, field]));
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
