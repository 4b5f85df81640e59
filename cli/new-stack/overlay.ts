import { isCollection, isMap, isScalar } from "yaml";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import type { Renaming } from "./platform-files.js";
import { type SyncedTenant, sayRevisions } from "./revisions.js";
import { type EditedDocument, matchingPlaces, parseText, printLike } from "./yaml-text.js";

/**
 * Fields of an overlay that belong to its stack alone. Two clusters that serve one host, push to one branch or act as one
 * identity of a cloud would disturb each other. A suspension and a freeze are an operator's, and end.
 */
const fieldsOfOneStack = [
  ["hosts"],
  ["imageAutomation"],
  ["serviceAccounts", "*", "annotations"],
  ["sync", "suspend"],
  ["sync", "suspendUntil"],
  ["sync", "freeze"],
  ["syncs", "*", "suspend"],
  ["syncs", "*", "suspendUntil"],
  ["syncs", "*", "freeze"],
] as const;

/** Fields that name a folder of a tenant's repository, of which each stack has its own. */
const foldersOfOneStack = [
  ["sync", "path"],
  ["syncs", "*", "path"],
] as const;

/** The overlay of a tenant on a new stack, or the defaults of its tenants. */
export interface NewOverlay {
  readonly text: string;
  /** Fields of the source that the new stack does not have. */
  readonly leftOut: readonly string[];
}

/**
 * The overlay of a tenant on a new stack: that of another stack, with its comments, without what belongs to that stack alone.
 * @param text the overlay of the source, read without problems by the loader
 * @param tenant the tenant on the source
 */
export function newOverlay(text: string, renaming: Renaming, tenant: SyncedTenant): NewOverlay {
  return newFile(text, renaming, (document) => sayRevisions(document, tenant, renaming));
}

/** The defaults of all tenants of a new stack, in the same way. A revision in them is that of each tenant. */
export function newDefaults(text: string, renaming: Renaming): NewOverlay {
  return newFile(text, renaming, () => false);
}

function newFile(text: string, renaming: Renaming, extend: (document: EditedDocument) => boolean): NewOverlay {
  const document = parseText(text);
  const removed = placesOf(document, fieldsOfOneStack).filter((place) => hasValue(document, place));
  const moved = placesOf(document, foldersOfOneStack).filter((place) => renameFolder(document, place, renaming));
  for (const place of removed) removeField(document, place);
  const isExtended = extend(document);
  // A text without changes stays as it is, to the byte.
  if (removed.length === 0 && moved.length === 0 && !isExtended) return { text, leftOut: [] };
  return { text: printLike(text, document), leftOut: removed.map(formatPath) };
}

function placesOf(document: EditedDocument, patterns: readonly (readonly string[])[]): readonly Path[] {
  return patterns.flatMap((pattern) => matchingPlaces(document.contents, pattern));
}

/** Whether a place sets anything: null takes away what the base file says, on every stack that wants it so. */
function hasValue(document: EditedDocument, place: Path): boolean {
  const node = document.getIn(place, true);
  if (isScalar(node)) return node.value !== null && node.value !== false;
  return isCollection(node) && node.items.length > 0;
}

/** Removes a field. An entry of a map stays, as `{}`: without it, there would be no such account or sync. */
function removeField(document: EditedDocument, place: Path): void {
  document.deleteIn(place);
  const section = document.getIn(place.slice(0, 1), true);
  if (place.length === 2 && isMap(section) && section.items.length === 0) document.deleteIn(place.slice(0, 1));
}

/** Renames the parts of a path that are the source's name. @returns whether there are any */
function renameFolder(document: EditedDocument, place: Path, { from, to }: Renaming): boolean {
  const node = document.getIn(place, true);
  if (!isScalar(node) || typeof node.value !== "string") return false;
  const parts = node.value.split("/");
  if (!parts.includes(from)) return false;
  node.value = parts.map((part) => (part === from ? to : part)).join("/");
  return true;
}
