import { setMaxListeners } from "node:events";
import { z } from "zod";
import type { Environment } from "../config/stack/environment.js";
import { readConnection } from "../config/stack/kubeconfig/connection.js";
import { FleetError, fleetError, messageOf } from "../lib/diagnostics/problem.js";
import {
  type LiveObject,
  type LiveObjects,
  liveIdentity,
  type OwnedFields,
  objectType,
} from "../lib/kubernetes/live-object.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import { type ApiServer, apiServerOf, get, podsApiServer, StatusError } from "./api-server.js";
import { type KindList, kindKey, listPath, listsFor, namespaceList, objectPath, pluralOf } from "./cluster-kinds.js";
import { runPlugin } from "./exec-credential.js";

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
  /** Names of the CustomResourceDefinitions in the state that are gone, and with them every object of their kinds. */
  readonly lostDefinitions: readonly string[];
}

/** Milliseconds for all lists together, and for the plugin that logs in. A login may ask another server. */
const defaultLimits = { answerMs: 30_000, loginMs: 60_000 };

const texts = z.record(z.string(), z.string()).default({});
// Its depth is not checked: it is most of an answer, and is read for the fields of other clients only.
const ownedFields = z.custom<OwnedFields>((value) => typeof value === "object" && value !== null);
const owner = z.object({
  manager: z.string().default(""),
  operation: z.string().default(""),
  subresource: z.string().optional(),
  time: z.string().optional(),
  fieldsV1: ownedFields.default({}),
});
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: texts,
  annotations: texts,
  deletionTimestamp: z.string().optional(),
  managedFields: z.array(owner).default([]),
});
const definition = z.object({
  status: z.object({ storedVersions: z.array(z.string()).default([]) }).default({ storedVersions: [] }),
});
const object = z.looseObject({ metadata });
const objectList = z.object({ items: z.array(object) });

/** The objects that {@link readCluster} looks for. */
export interface ClusterArgs {
  /** The stack's state from before the update. */
  readonly state: StackState;
  /** Names of the CustomResourceDefinitions that the update creates or changes. */
  readonly definitions: readonly string[];
}

/**
 * The namespaces of the cluster in KUBECONFIG, and the objects of the kinds in the stack's state. Server-side apply
 * adopts existing ones. There is one request for each kind, whatever the number of tenants, and one for each object in
 * the state that lacks its label or is gone, or a second one for its kind. The first update, and one to another version of Flux, reads
 * each definition of Flux as well.
 * @throws FleetError with the problems of the kubeconfig, or with the cluster's address and the reason
 */
export async function readCluster(
  { state, definitions }: ClusterArgs,
  environment: Environment = process.env,
  limits: typeof defaultLimits = defaultLimits,
): Promise<ExistingCluster> {
  const server = await apiServer(environment, limits.loginMs);
  const connection = { server, signal: AbortSignal.timeout(limits.answerMs), answerMs: limits.answerMs };
  // Every request listens to it, and Node takes more than ten listeners for a leak.
  setMaxListeners(0, connection.signal);
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
    return {
      namespaces: namespacesOf(found),
      objects: new Map([...found.values()].flatMap((ofKind) => [...ofKind])),
      kinds: new Set(found.keys()),
      storedVersions: await readStoredVersions(definitions, connection),
      lostDefinitions: await readLostDefinitions(
        lists.filter((list) => !labelled.has(kindKey(list))),
        state,
        connection,
      ),
    };
  } finally {
    server.connections.end();
  }
}

interface Connection {
  readonly server: ApiServer;
  /** Ends all requests. */
  readonly signal: AbortSignal;
  readonly answerMs: number;
}

/** The listed objects of each kind. A kind that the cluster does not know, as before Flux is installed, is absent. */
async function readLists(lists: readonly KindList[], connection: Connection): Promise<Map<string, LiveObjects>> {
  const answers = await inOrder(lists, (list) => ask(connection, listPath(list), pluralOf(list), objectList));
  const found = new Map<string, LiveObjects>();
  for (const [index, list] of lists.entries()) {
    const items = answers[index]?.items;
    if (items === undefined) continue;
    found.set(kindKey(list), new Map([...(found.get(kindKey(list)) ?? []), ...identified(list, items)]));
  }
  return found;
}

function identified(list: KindList, items: readonly LiveObject[]): LiveObjects {
  return new Map(items.map((item) => [liveIdentity(list, item.metadata), item]));
}

async function readStoredVersions(names: readonly string[], connection: Connection): Promise<StoredVersions> {
  const answers = await inOrder(names, (name) => ask(connection, definitionPath(name), definitions, definition));
  return new Map(names.map((name, index) => [name, answers[index]?.status.storedVersions ?? []]));
}

/** A kind that is unknown may be known in another version of the API, so its definition decides. */
async function readLostDefinitions(unknown: readonly KindList[], state: StackState, connection: Connection) {
  const stated = new Set(
    Object.values(state).flatMap(({ type, outputs }) => {
      const { name } = (outputs.metadata ?? {}) as Partial<LiveObject["metadata"]>;
      return objectType(type)?.kind === "CustomResourceDefinition" && name !== undefined ? [name] : [];
    }),
  );
  const names = unknown.map((list) => `${pluralOf(list)}.${list.group}`).filter((name) => stated.has(name));
  const answers = await inOrder(names, (name) => ask(connection, definitionPath(name), definitions, definition));
  return names.filter((_, index) => answers[index] === undefined).sort();
}

const definitions = "customresourcedefinitions";

function definitionPath(name: string): string {
  return `/apis/apiextensions.k8s.io/v1/${definitions}/${name}`;
}

/** Asks all questions at once. @throws the error of the first one in the order of the questions */
async function inOrder<Question, Answer>(
  questions: readonly Question[],
  answer: (question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const settled = await Promise.allSettled(questions.map(answer));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/**
 * The answer to one request. Undefined when the cluster has no such object, or does not know its kind.
 * @param plural name of the kind in messages
 * @throws FleetError with the cluster's address and the reason
 */
async function ask<Answer>(
  { server, signal, answerMs }: Connection,
  path: string,
  plural: string,
  form: z.ZodType<Answer>,
): Promise<Answer | undefined> {
  try {
    return form.parse(await get(server, path, signal));
  } catch (error) {
    if (error instanceof StatusError && error.status === 404 && plural !== "namespaces") return undefined;
    const reason = signal.aborted ? `there was no complete answer within ${answerMs / 1000} s` : reasonOf(error);
    const message = `the cluster at ${server.url} did not list its ${plural}: ${reason}`;
    const fix = `Check the file, its current context, the network, and that its user may list ${plural}: kubectl get ${plural}`;
    throw fleetError("environment", "KUBECONFIG", message, fix);
  }
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

/** Objects of a kind that are asked for one by one. */
const mostSingle = 20;

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
  const { label: _, ...kind } = list;
  if (missing.length > mostSingle) return readLists([kind], connection);
  const answers = await inOrder(missing, (place) => ask(connection, objectPath(kind, place), pluralOf(kind), object));
  const found = identified(
    kind,
    answers.flatMap((answer) => answer ?? []),
  );
  return new Map([[kindKey(kind), new Map([...listed, ...found])]]);
}

function namespacesOf(found: ReadonlyMap<string, LiveObjects>): Namespaces {
  const spaces = [...(found.get(kindKey(namespaceList))?.values() ?? [])];
  return new Map(
    spaces.map(({ metadata: { name, labels, deletionTimestamp } }) => {
      return [name, { labels, terminating: deletionTimestamp !== undefined }];
    }),
  );
}

/** The first line. An answer that is no list is not repeated: it may contain secrets. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return "the answer is not that of a Kubernetes API server";
  }
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** The environment's checks allow nothing but the pod's own account without KUBECONFIG. */
async function apiServer(environment: Environment, loginMs: number): Promise<ApiServer> {
  const list = environment.KUBECONFIG ?? "";
  if (list.trim() === "") return podsApiServer(environment);
  const read = readConnection(list, environment.PATH ?? "");
  if ("problems" in read) throw new FleetError(read.problems);
  const login = await runPlugin(read.connection, environment, loginMs);
  return apiServerOf(read.connection, login, environment);
}
