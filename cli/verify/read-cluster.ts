import { objectPath, pluralOf } from "../../lib/kubernetes/api-paths.js";
import { type LiveObject, liveIdentity, type ObjectType } from "../../lib/kubernetes/live-object.js";
import { object } from "../../lib/kubernetes/object-forms.js";
import { MANAGED_BY, MANAGED_BY_LABEL, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";
import type { LiveRule } from "../../operate/access/bindings.js";
import { bindingOf, type LiveAccess } from "../../operate/access/foreign-bindings.js";
import { extensionKinds } from "../../operate/verify/extensions.js";
import type { ListedObject } from "../../operate/verify/left-over.js";
import type { PlannedObject } from "../../operate/verify/planned-objects.js";
import { listPath } from "../../preflight/cluster-kinds.js";
import type { ApiAnswer, ApiClient } from "../cluster/api-client.js";
import { foreignAnswer } from "../cluster/cluster-error.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { readPages } from "../cluster/read-pages.js";
import { messageIn, missingRight, unanswered } from "./cluster-refusal.js";
import { unknownField } from "./live-forms.js";

/** The objects of a cluster that a verification reads. Values of Secrets are not among them. */
export interface ReadCluster {
  readonly objects: ReadonlyMap<string, LiveObject>;
  readonly listed: readonly ListedObject[];
  readonly access: LiveAccess;
  /** Public halves of deploy keys by `NAMESPACE/SECRET`. */
  readonly publicKeys: ReadonlyMap<string, string>;
}

/** Kinds of which every object is read: names and rights of others count, too. */
const wholeKinds: readonly ObjectType[] = [
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", ...extensionKinds].map((kind) => {
    return { group: "admissionregistration.k8s.io", version: "v1", kind };
  }),
  { group: "apiregistration.k8s.io", version: "v1", kind: "APIService" },
  { group: "core", version: "v1", kind: "Namespace" },
  { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
  { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" },
  { group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease" },
  ...["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].map((kind) => {
    return { group: RBAC_GROUP, version: "v1", kind };
  }),
];

/** Kinds that are read although a plan may have none of them: their objects may be left behind. */
const furtherKinds: readonly ObjectType[] = [
  ...["ServiceAccount", "Secret", "ConfigMap", "Service", "ResourceQuota", "LimitRange"].map((kind) => {
    return { group: "core", version: "v1", kind };
  }),
  { group: "apps", version: "v1", kind: "Deployment" },
];

/** Objects without the stack's label that are read one by one. For more, the whole kind is listed. */
const mostSingle = 20;

/**
 * Reads the objects of a stack's cluster: one list for each kind, whatever the number of tenants, in pages of 500 objects.
 * Objects of the plan that lack their label are read one by one, or by a list of their kind.
 * @throws CouldNotLookError with the missing right
 */
export async function readClusterObjects(client: ApiClient, planned: readonly PlannedObject[]): Promise<ReadCluster> {
  const kinds = new Map([...wholeKinds, ...furtherKinds, ...planned].map((one) => [kindKey(one), typeOf(one)]));
  const found = new Map<string, ListedObject>();
  const publicKeys = new Map<string, string>();
  const keep = (type: ObjectType, items: readonly LiveObject[]) => {
    for (const item of items) {
      requireForm(client, type, item);
      const identity = liveIdentity(type, item.metadata);
      if (type.kind === "Secret") notePublicKey(item, publicKeys);
      const kept = type.kind === "Secret" ? withoutData(item) : item;
      found.set(identity, { kind: type.kind, type, identity, object: kept });
    }
  };
  await fewAtATime([...kinds.values()], async (type) => {
    const isWhole = wholeKinds.some((one) => kindKey(one) === kindKey(type));
    const listed = await listAll(client, type, isWhole ? undefined : `${MANAGED_BY_LABEL}=${MANAGED_BY}`);
    keep(type, listed);
    const missing = planned.filter((one) => kindKey(one) === kindKey(type) && !found.has(one.identity));
    keep(type, isWhole ? [] : await readMissing(client, type, missing));
  });
  const listed = [...found.values()];
  return {
    objects: new Map(listed.map(({ identity, object: one }) => [identity, one])),
    listed,
    access: accessOf(listed),
    publicKeys,
  };
}

/** All objects of a kind other than Secret. @throws CouldNotLookError with the missing right, and for an unknown form */
export async function listObjects(client: ApiClient, type: ObjectType): Promise<ListedObject[]> {
  return (await listAll(client, type)).map((object) => {
    requireForm(client, type, object);
    return { kind: type.kind, type, identity: liveIdentity(type, object.metadata), object };
  });
}

/** @throws CouldNotLookError for an object whose fields have another form: a judgement of it would be a guess */
function requireForm({ server }: ApiClient, type: ObjectType, live: LiveObject): void {
  const field = unknownField(type.group, type.kind, live);
  if (field === undefined) return;
  const { name, namespace } = live.metadata;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const message = `the ${type.kind} ${place} has a form that this version does not know: ${field}`;
  throw unanswered(server, `list ${resourceText(type)}`, { status: 200, body: { message } });
}

async function readMissing(
  client: ApiClient,
  type: ObjectType,
  missing: readonly PlannedObject[],
): Promise<readonly LiveObject[]> {
  if (missing.length > mostSingle) {
    const names = new Set(missing.map(({ identity }) => identity));
    return (await listAll(client, type)).filter(({ metadata }) => names.has(liveIdentity(type, metadata)));
  }
  const answers = await Promise.all(missing.map(({ metadata }) => readOne(client, type, metadata)));
  return answers.flatMap((one) => one ?? []);
}

async function readOne(
  client: ApiClient,
  type: ObjectType,
  metadata: PlannedObject["metadata"],
): Promise<LiveObject | undefined> {
  const answer = await client.send({ path: objectPath(type, metadata) });
  if (answer.status === 404) return undefined;
  const right = `get ${resourceText(type)}`;
  if (answer.status !== 200) return refused(client, right, answer);
  const parsed = object.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  // A proxy, or another service at the address, answers in a form of its own.
  throw unanswered(client.server, right, { status: 200, body: { message: foreignAnswer } });
}

/** Whether each cluster has a kind. An answer without its bindings would pass for a cluster that grants nothing. */
function isAlwaysServed({ group }: ObjectType): boolean {
  return group === "core" || group === RBAC_GROUP;
}

/** All objects of a kind. A cluster without the kind has none. */
async function listAll(client: ApiClient, type: ObjectType, label?: string): Promise<readonly LiveObject[]> {
  const read = await readPages(client, listPath(label === undefined ? type : { ...type, label }));
  if ("items" in read) return read.items;
  const right = `list ${resourceText(type)} --all-namespaces`;
  if ("fault" in read) throw unanswered(client.server, right, { status: 200, body: { message: read.fault } });
  const { status } = read.refusal;
  if (status === 404 && !isAlwaysServed(type)) return [];
  return refused(client, right, read.refusal);
}

function refused({ server }: ApiClient, right: string, { status, body }: ApiAnswer): never {
  throw status === 403 ? missingRight(server, right, messageIn(body)) : unanswered(server, right, { status, body });
}

function accessOf(listed: readonly ListedObject[]): LiveAccess {
  const rules = listed.flatMap(({ kind, object: one }): [string, readonly LiveRule[]][] => {
    if (kind !== "ClusterRole" && kind !== "Role") return [];
    const { namespace, name } = one.metadata;
    const key = kind === "ClusterRole" ? `ClusterRole/${name}` : `Role/${namespace}/${name}`;
    return [[key, (one.rules ?? []) as readonly LiveRule[]]];
  });
  const bindings = listed.flatMap(({ kind, identity, object: one }) => {
    return kind === "RoleBinding" || kind === "ClusterRoleBinding" ? [bindingOf(kind, identity, one)] : [];
  });
  return { bindings, rules: new Map(rules) };
}

/** A deploy key's public half is no secret. */
function notePublicKey({ metadata, data }: LiveObject, publicKeys: Map<string, string>): void {
  const { "identity.pub": encoded } = (data ?? {}) as Readonly<Record<string, string>>;
  if (encoded === undefined) return;
  publicKeys.set(`${metadata.namespace}/${metadata.name}`, Buffer.from(encoded, "base64").toString("utf8").trim());
}

/** Values of Secrets go no further than this. Names of keys stay, by which changed ones are found. */
function withoutData(secret: LiveObject): LiveObject {
  const names = Object.keys((secret.data ?? {}) as object);
  return { ...secret, data: Object.fromEntries(names.map((name) => [name, ""])) };
}

/** Whether an object has the label of a stack. */
export function isOfStack({ metadata }: LiveObject, stack: string): boolean {
  return metadata.labels[STACK_LABEL] === stack;
}

function typeOf({ group, version, kind }: ObjectType): ObjectType {
  return { group, version, kind };
}

function kindKey({ group, kind }: ObjectType): string {
  return `${kind}.${group}`;
}

function resourceText(type: ObjectType): string {
  return type.group === "core" ? pluralOf(type) : `${pluralOf(type)}.${type.group}`;
}
