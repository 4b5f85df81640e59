import type { Problem } from "../lib/diagnostics/problem.js";
import { pluralOf } from "../lib/kubernetes/api-paths.js";
import { pathPointer, pathText } from "../lib/kubernetes/field-path.js";
import type { HeldField, LiveObject, ObjectType } from "../lib/kubernetes/live-object.js";
import { shellWord } from "../lib/process/shell-word.js";
import { APPLIERS } from "./cluster-kinds.js";
import type { Change } from "./drift.js";

/** An object in words, its kind and its place. */
export interface NamedObject extends ObjectType {
  readonly metadata: Pick<LiveObject["metadata"], "name" | "namespace">;
}

/** Fields that a sentence lists. The others are counted. */
const mostFields = 3;
/** Characters of a value in a sentence. */
const mostCharacters = 80;

/** `the ResourceQuota tenant in the namespace payments` */
export function nameOf({ kind, metadata: { name, namespace } }: NamedObject): string {
  return `the ${kind} ${name}${namespace === undefined ? "" : ` in the namespace ${namespace}`}`;
}

/** The sentence about an object that others deleted. */
export function describeDeletion(object: NamedObject): string {
  return `${capital(nameOf(object))} was deleted from the cluster. This update creates it again.`;
}

/** The sentence about an object that others deleted, and that no file asks for any more. */
export function describeForgotten(object: NamedObject): string {
  return `${capital(nameOf(object))} was deleted from the cluster, and no file asks for it any more. This update removes it from the state alone.`;
}

/** The sentence about kinds that the account may not read. @param plurals as in the API: `secrets` */
export function describeUnread(plurals: ReadonlySet<string>): string[] {
  if (plurals.size === 0) return [];
  const names = [...plurals].sort().join(" and ");
  return [
    `The account of KUBECONFIG may not read ${names}, so the preview names neither changes nor taken names there. An update needs an account that may.`,
  ];
}

/** The sentence about an object that is being deleted: a finalizer keeps it. */
export function describeTermination(object: NamedObject): string {
  return `${capital(nameOf(object))} is being deleted, so an update cannot restore it now. When it is gone, the next update creates it again.`;
}

/** The sentence about fields that others changed. */
export function describeChange(object: NamedObject, changes: readonly Change[]): string {
  const holders = changes.flatMap(({ holder }) => holder ?? []);
  const fields = listed([...new Set(changes.map((change) => fieldText(object, change)))]);
  const isFlux = holders.some(({ manager }) => APPLIERS.includes(manager));
  const again = isFlux ? " Flux then applies it again: remove the object, or a patch of it, from the repository." : "";
  return `${capital(nameOf(object))} was changed by ${holdersText(holders)}: ${fields}. This update takes it back.${again}`;
}

/** The sentence about fields that others added, where these are no danger to other tenants. */
export function describeAddition(object: NamedObject, added: readonly HeldField[]): string {
  const fields = listed(added.map(({ path }) => pathText(path)));
  return `${capital(nameOf(object))} has fields that ${holdersText(added)} added: ${fields}. No update removes them: ${removal(object, added)}`;
}

/** The problem of fields that others added, where the isolation of tenants depends on them. */
export function removalOf(object: NamedObject, added: readonly HeldField[]): Problem {
  const fields = listed(added.map(({ path }) => pathText(path)));
  return {
    file: "environment",
    path: "KUBECONFIG",
    message: `${nameOf(object)} has fields that ${holdersText(added)} added, and the isolation of tenants depends on them: ${fields}. Server-side apply removes only fields of its own`,
    fix: `Remove them: ${removal(object, added)}`,
  };
}

/** The command that removes fields of an object. The last element of a list goes first: the others keep their places. */
function removal(object: NamedObject, added: readonly HeldField[]): string {
  const paths = added.map(({ path }) => pathPointer(path)).sort(byPlace);
  const patch = JSON.stringify(paths.toReversed().map((path) => ({ op: "remove", path })));
  const { name, namespace } = object.metadata;
  const place = namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
  return `kubectl${place} patch ${resourceOf(object)} ${shellWord(name)} --type json --patch ${shellWord(patch)}`;
}

function byPlace(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

/** A kind as kubectl takes it, unambiguous. */
export function resourceOf(object: Pick<ObjectType, "group" | "kind">): string {
  return object.group === "core" ? pluralOf(object) : `${pluralOf(object)}.${object.group}`;
}

/** `kubectl-patch at 2026-11-26T16:42:33Z` */
function holdersText(holders: readonly Pick<HeldField, "manager" | "time">[]): string {
  const names = holders.map(
    ({ manager, time }) => `${manager || "a client without a name"}${time ? ` at ${time}` : ""}`,
  );
  return [...new Set(names)].join(" and ") || "an unknown client";
}

/** Content of Secrets, and what was not fetched, has no values in words. */
function fieldText({ kind }: ObjectType, { path, wanted, live }: Change): string {
  if (kind === "Secret" && path[0] === "data") return "its content differs";
  if (kind === "CustomResourceDefinition" && path[0] === "spec") return "its specification differs";
  return `${pathText(path)} ${valueText(wanted, live)}`;
}

function valueText(wanted: unknown, live: unknown): string {
  if (live === undefined) return "is gone";
  if (Array.isArray(live) && Array.isArray(wanted) && live.length !== wanted.length) {
    return `has ${live.length} elements instead of ${wanted.length}`;
  }
  const [is, was] = [JSON.stringify(live), JSON.stringify(wanted)];
  return is.length + was.length > mostCharacters ? "has another value" : `is ${is} instead of ${was}`;
}

function listed(texts: readonly string[]): string {
  const rest = texts.length - mostFields;
  return [...texts.slice(0, mostFields), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
