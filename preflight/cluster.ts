import { setMaxListeners } from "node:events";
import { z } from "zod";
import type { Addon } from "../config/addons/addon.js";
import type { Environment } from "../config/stack/environment.js";
import { readConnection } from "../config/stack/kubeconfig/connection.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { objectPath, pluralOf } from "../lib/kubernetes/api-paths.js";
import { type LiveObject, type LiveObjects, liveIdentity, objectType } from "../lib/kubernetes/live-object.js";
import { object, objectList } from "../lib/kubernetes/object-forms.js";
import { withDigests } from "../lib/kubernetes/secret-content.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import { type BeginWait, beginWait } from "../lib/time/waits.js";
import { findMissingKinds, type MissingKind } from "./addon-kinds.js";
import { type ApiServer, apiServerOf, podsApiServer } from "./api-server.js";
import { type KindList, kindKey, listPath, listsFor, metadataList, namespaceList } from "./cluster-kinds.js";
import { ask, type Connection, inOrder } from "./cluster-requests.js";
import { runPlugin } from "./exec-credential.js";
import { findLosingKinds, type LeavingKind, type LosingKind } from "./leaving-kinds.js";
import type { RegisteredObject } from "./registered-object.js";
import { mostSingle, readUnlabelled } from "./unlabelled-objects.js";
import { findLosingRights, type LosingRight, type WithdrawnRight } from "./withdrawn-rights.js";

/** A namespace that exists before the update. */
export interface ExistingNamespace {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it is being deleted. Nothing can be created in it. */
  readonly terminating: boolean;
}

/** Versions of the API in which the cluster may hold objects, by the name of their CustomResourceDefinition. */
export type StoredVersions = ReadonlyMap<string, readonly string[]>;

/** Existing namespaces by their name. */
export type Namespaces = ReadonlyMap<string, ExistingNamespace>;

/** The objects of a cluster that exist before the update. */
export interface ExistingCluster {
  readonly namespaces: Namespaces;
  /** Objects of the kinds in the state and of those that others may have, by identity. */
  readonly objects: LiveObjects;
  /** Kinds of which every object of the state was looked for. */
  readonly kinds: ReadonlySet<string>;
  readonly storedVersions: StoredVersions;
  /** Kinds whose definitions the update deletes although the cluster has objects of them. */
  readonly losingKinds: readonly LosingKind[];
  /** Rights that the update withdraws although tenants have objects of the kind. */
  readonly losingRights: readonly LosingRight[];
  /** Kinds of add-ons that the cluster does not have, or has without a namespace. */
  readonly missingKinds: readonly MissingKind[];
  /** Names of the CustomResourceDefinitions in the state that are gone, and with them every object of their kinds. */
  readonly lostDefinitions: readonly string[];
  /** Plurals of the kinds that the account may not read, and may do without. */
  readonly refused: ReadonlySet<string>;
}

/** The limits of {@link readCluster}. */
export interface ClusterReadLimits {
  /** Milliseconds for all lists together. */
  readonly answerMs: number;
  /** Milliseconds for the plugin that logs in. It may ask another server. */
  readonly loginMs: number;
  /** Begins each wait. @default - nothing but these limits ends a wait */
  readonly begin?: BeginWait;
}

const defaultLimits: ClusterReadLimits = { answerMs: 30_000, loginMs: 60_000 };

const definitionKind = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
const definition = object.extend({
  status: z.object({ storedVersions: z.array(z.string()).default([]) }).default({ storedVersions: [] }),
});

/** The objects that {@link readCluster} looks for. */
export interface ClusterArgs {
  /** The stack's state from before the update. */
  readonly state: StackState;
  /** Names of the CustomResourceDefinitions that the update creates or changes. */
  readonly definitions: readonly string[];
  /** Kinds whose definitions the update deletes. @default - none */
  readonly leaving?: readonly LeavingKind[];
  /** Rights of tenants that the update withdraws. @default - none */
  readonly withdrawn?: readonly WithdrawnRight[];
  /** The objects that the program registers. @default - none */
  readonly registered?: readonly RegisteredObject[];
  /** The add-ons that the stack offers. @default - none */
  readonly addons?: readonly Addon[];
}

/**
 * The namespaces of the cluster in KUBECONFIG, and the objects of the kinds in the stack's state. Server-side apply
 * adopts existing ones. There is one request for each kind, whatever the number of tenants, and one for each object in
 * the state that lacks its label or is gone, or a second one for its kind. The first update, and one to another version of
 * Flux, reads each definition of Flux as well. {@link readUnlabelled} has requests for new objects, and {@link
 * findMissingKinds} one for each group of the add-ons' kinds, and {@link findLosingKinds} one for each kind that leaves. {@link findLosingRights} has those for
 * rights that the update withdraws.
 * @throws FleetError with the problems of the kubeconfig, or with the cluster's address and the reason
 */
export async function readCluster(
  { state, definitions, leaving = [], withdrawn = [], registered = [], addons = [] }: ClusterArgs,
  environment: Environment = process.env,
  limits: ClusterReadLimits = defaultLimits,
): Promise<ExistingCluster> {
  const server = await apiServer(environment, limits);
  const { signal, limit } = (limits.begin ?? beginWait)(limits.answerMs);
  const connection = { server, signal, limit, refused: new Set<string>() };
  // Every request listens to it, and Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  try {
    const lists = listsFor(state);
    const labelled = await readLists([namespaceList, ...lists], connection);
    const incomplete = lists.flatMap((list) => {
      const listed = labelled.get(kindKey(list));
      const missing = listed === undefined ? [] : missingObjects(list, listed, state);
      return listed === undefined || missing.length === 0 ? [] : [{ list, listed, missing }];
    });
    const complete = await inOrder(incomplete, (one) => readMissing(one, connection));
    const found = new Map([...labelled, ...complete.flatMap((ofKind) => [...ofKind])]);
    const namespaces = namespacesOf(found);
    const objects = new Map([...found.values()].flatMap((ofKind) => [...ofKind]));
    const stated = new Set(Object.values(state).map(({ type, outputs }) => objectIdentity(type, outputs.metadata)));
    const isKnown = (identity: string) => stated.has(identity) || objects.has(identity);
    const unlabelled = await readUnlabelled(registered, { namespaces, isKnown }, connection);
    const changed = await readDefinitions(definitions, connection);
    return {
      namespaces,
      objects: new Map([...objects, ...unlabelled, ...identified(definitionKind, [...changed.values()])]),
      kinds: new Set(found.keys()),
      storedVersions: new Map([...changed].map(([name, { status }]) => [name, status.storedVersions])),
      losingKinds: await findLosingKinds(leaving, state, connection),
      losingRights: await findLosingRights(withdrawn, connection),
      missingKinds: await findMissingKinds(addons, state, connection),
      lostDefinitions: await findLostDefinitions({ lists, found, state }, connection),
      refused: connection.refused,
    };
  } finally {
    server.connections.end();
  }
}

/** The listed objects of each kind. A kind that the cluster does not know, as before Flux is installed, is absent. */
async function readLists(lists: readonly KindList[], connection: Connection): Promise<Map<string, LiveObjects>> {
  const answers = await inOrder(lists, (list) =>
    ask(connection, { kind: list, path: listPath(list), form: objectList }),
  );
  const found = new Map<string, LiveObjects>();
  for (const [index, list] of lists.entries()) {
    const items = answers[index]?.items;
    if (items === undefined) continue;
    found.set(kindKey(list), new Map([...(found.get(kindKey(list)) ?? []), ...identified(list, items)]));
  }
  return found;
}

/** Values of Secrets go no further than this. */
function identified(list: KindList, items: readonly LiveObject[]): LiveObjects {
  const found = list.kind === "Secret" ? items.map(withDigests) : items;
  return new Map(found.map((item) => [liveIdentity(list, item.metadata), item]));
}

/** The definitions of these names that exist. */
async function readDefinitions(names: readonly string[], connection: Connection) {
  const answers = await inOrder(names, (name) => ask(connection, definitionOf(name)));
  return new Map(answers.flatMap((answer) => (answer === undefined ? [] : [[answer.metadata.name, answer] as const])));
}

/**
 * The definitions in the state that are gone. Where the account may not list definitions, those of the kinds that the
 * cluster does not know are asked for: a kind may be known in another version of the API.
 */
async function findLostDefinitions({ lists, found, state }: Looked, connection: Connection): Promise<string[]> {
  const stated = Object.values(state).flatMap(({ type, outputs }) => {
    const { name } = (outputs.metadata ?? {}) as Partial<LiveObject["metadata"]>;
    return objectType(type)?.kind === definitionKind.kind && name !== undefined ? [name] : [];
  });
  const listed = found.get(kindKey(definitionKind));
  if (listed !== undefined) {
    return stated.filter((name) => !listed.has(liveIdentity(definitionKind, { name }))).sort();
  }
  const unknown = lists.filter((list) => !found.has(kindKey(list)));
  const names = unknown.map((list) => `${pluralOf(list)}.${list.group}`).filter((name) => stated.includes(name));
  const answers = await inOrder(names, (name) => ask(connection, definitionOf(name)));
  return names.filter((_, index) => answers[index] === undefined).sort();
}

interface Looked {
  readonly lists: readonly KindList[];
  /** The objects of each kind that was listed. */
  readonly found: ReadonlyMap<string, LiveObjects>;
  readonly state: StackState;
}

function definitionOf(name: string) {
  return { kind: definitionKind, path: objectPath(definitionKind, { name }), form: definition };
}

type Place = Pick<LiveObject["metadata"], "name" | "namespace">;

/** The objects in the state that are not among those with the label: they are gone, or have lost the label. */
function missingObjects({ label, name, ...list }: KindList, objects: LiveObjects, state: StackState): Place[] {
  if (label === undefined || name !== undefined) return [];
  return Object.values(state).flatMap(({ type, outputs }) => {
    const [found, identity] = [objectType(type), objectIdentity(type, outputs.metadata)];
    const isMissing = found !== undefined && kindKey(found) === kindKey(list) && !objects.has(identity ?? "");
    return isMissing && identity !== undefined ? [outputs.metadata as Place] : [];
  });
}

/**
 * Reads the objects of a kind without their label. A few are read one by one: a list has the objects of all tenants, who
 * decide how large it is. For more, the list costs fewer requests.
 */
async function readMissing(
  {
    list,
    listed,
    missing,
  }: { readonly list: KindList; readonly listed: LiveObjects; readonly missing: readonly Place[] },
  connection: Connection,
): Promise<Map<string, LiveObjects>> {
  const { label: _, ...whole } = list;
  // The list of all Secrets has the values of all tenants. Without its label, a Secret is taken back anyway.
  const kind = list.kind === "Secret" ? metadataList(list) : whole;
  const found =
    missing.length > mostSingle ? await readAll(kind, connection) : await readSingly(kind, missing, connection);
  return new Map([[kindKey(kind), new Map([...found, ...listed])]]);
}

async function readAll(kind: KindList, connection: Connection): Promise<LiveObjects> {
  return (await readLists([kind], connection)).get(kindKey(kind)) ?? new Map();
}

async function readSingly(kind: KindList, places: readonly Place[], connection: Connection): Promise<LiveObjects> {
  const answers = await inOrder(places, (place) => {
    return ask(connection, { kind, path: objectPath(kind, place), form: object });
  });
  return identified(
    kind,
    answers.flatMap((answer) => answer ?? []),
  );
}

function namespacesOf(found: ReadonlyMap<string, LiveObjects>): Namespaces {
  const spaces = [...(found.get(kindKey(namespaceList))?.values() ?? [])];
  return new Map(
    spaces.map(({ metadata: { name, labels, deletionTimestamp } }) => {
      return [name, { labels, terminating: deletionTimestamp !== undefined }];
    }),
  );
}

/** The environment's checks allow nothing but the pod's own account without KUBECONFIG. */
async function apiServer(
  environment: Environment,
  { loginMs, begin = beginWait }: ClusterReadLimits,
): Promise<ApiServer> {
  const list = environment.KUBECONFIG ?? "";
  if (list.trim() === "") return podsApiServer(environment);
  const read = readConnection(list, environment.PATH ?? "");
  if ("problems" in read) throw new FleetError(read.problems);
  const login = await runPlugin(read.connection, environment, () => begin(loginMs));
  return apiServerOf(read.connection, login, environment);
}
