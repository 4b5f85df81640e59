import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { askedAddons } from "../config/tenant/addons/asked-addons.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { groupBy } from "../lib/data/group-by.js";
import { groupPath } from "../lib/kubernetes/api-paths.js";
import { objectType } from "../lib/kubernetes/live-object.js";
import { objectList } from "../lib/kubernetes/object-forms.js";
import type { StackState } from "../lib/state/stack-state.js";
import { addonRules } from "../policies/rbac/addons.js";
import { type PolicyRule, reconciler, tenantRules } from "../policies/rbac/reconciler.js";
import { ask, type Connection, inOrder } from "./cluster-requests.js";

/** A kind that tenants may create objects of in some namespaces, and not after this update. */
export interface WithdrawnRight {
  /** API group; "" is the core group. */
  readonly group: string;
  /** Plural of the kind: `httproutes`. */
  readonly resource: string;
  /** The namespaces that stay, and whose tenants lose the right. At least one. */
  readonly namespaces: readonly string[];
}

/** A withdrawn right with the objects that tenants could neither change nor delete any more. */
export interface LosingRight extends WithdrawnRight {
  /** Their names by namespace. At least one. */
  readonly objects: ReadonlyMap<string, readonly string[]>;
}

const subject = z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() });
const binding = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(subject).default([]),
});
const role = z.object({
  metadata: z.object({ name: z.string() }),
  rules: z
    .array(
      z.object({
        apiGroups: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        verbs: z.array(z.string()).default([]),
      }),
    )
    .nullish(),
});

/**
 * The rights to create objects that the state gives to the syncs of a tenant, and this update does not. The rights in the
 * state are those of role bindings and ClusterRoles as the last update wrote them, so it does not matter which version of
 * the program gave them. Namespaces that leave do not count: all their objects go with them.
 * @param only tenant that the update is limited to @default - the whole stack is updated
 */
export function withdrawnRights(spec: FleetSpec, state: StackState, only?: string): WithdrawnRight[] {
  const before = statedRights(state);
  const tenants = spec.tenants.filter(({ name }) => only === undefined || name === only);
  const lost = tenants.flatMap((tenant) => {
    const after = new Set(createdBy(rulesOf(tenant, spec)));
    return tenant.namespaces.flatMap(({ name: namespace }) => {
      const gone = [...(before.get(namespace) ?? [])].filter((kind) => !after.has(kind));
      return gone.map((kind) => ({ kind, namespace }));
    });
  });
  return [...groupBy(lost, ({ kind }) => kind)].map(([kind, places]) => {
    const [resource = "", group = ""] = splitOnce(kind);
    return { group, resource, namespaces: places.map(({ namespace }) => namespace) };
  });
}

function rulesOf(tenant: TenantSpec, spec: FleetSpec): readonly PolicyRule[] {
  return [...tenantRules, ...askedAddons(tenant, spec).flatMap(addonRules)];
}

/** The kinds that rules let an account create, as `RESOURCE.GROUP`. */
function createdBy(rules: readonly PolicyRule[]): readonly string[] {
  return rules
    .filter(({ verbs }) => verbs.includes("create"))
    .flatMap(({ apiGroups, resources }) => {
      const whole = resources.filter((resource) => !resource.includes("/"));
      return apiGroups.flatMap((group) => whole.map((resource) => `${resource}.${group}`));
    });
}

function splitOnce(kind: string): readonly [string, string] {
  const dot = kind.indexOf(".");
  return [kind.slice(0, dot), kind.slice(dot + 1)];
}

/** The kinds that the accounts of syncs may create, by namespace. */
function statedRights(state: StackState): ReadonlyMap<string, ReadonlySet<string>> {
  const resources = Object.values(state);
  const ofKind = (kind: string) => resources.filter(({ type }) => objectType(type)?.kind === kind);
  const roles = new Map(
    ofKind("ClusterRole").map(({ outputs }) => {
      const { metadata, rules } = role.parse(outputs);
      return [metadata.name, createdBy(rules ?? [])] as const;
    }),
  );
  const rights = new Map<string, Set<string>>();
  for (const { outputs } of ofKind("RoleBinding")) {
    const { metadata, roleRef, subjects } = binding.parse(outputs);
    const isOfSyncs = subjects.some(({ kind, name }) => kind === "ServiceAccount" && name === reconciler);
    if (!isOfSyncs || roleRef.kind !== "ClusterRole") continue;
    const found = rights.get(metadata.namespace) ?? new Set();
    for (const kind of roles.get(roleRef.name) ?? []) found.add(kind);
    rights.set(metadata.namespace, found);
  }
  return rights;
}

const version = z.object({ version: z.string() });
const groupForm = z.object({ preferredVersion: version, versions: z.array(version).default([]) });
const kindsForm = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string() })) });
const controlled = z.array(z.object({ controller: z.boolean().default(false) })).default([]);

/**
 * The withdrawn rights of which the namespaces have objects. Objects that a controller owns do not count: they go with
 * their owners. A request for each group that loses a right, one for each of its versions until all kinds are found, and
 * one for each kind, so none in an ordinary update.
 */
export async function findLosingRights(
  withdrawn: readonly WithdrawnRight[],
  connection: Connection,
): Promise<LosingRight[]> {
  const groups = [...groupBy(withdrawn, ({ group }) => group)];
  const found = await inOrder(groups, async ([group, rights]) => {
    const plurals = rights.map(({ resource }) => resource);
    const kinds = await servedKinds(group, plurals, connection);
    return await inOrder(rights, async (right) => ({ ...right, objects: await objectsOf(right, kinds, connection) }));
  });
  return found.flat().filter(({ objects }) => objects.size > 0);
}

/** A kind with a version in which the cluster serves it. */
interface ServedKind {
  readonly version: string;
  readonly kind: string;
}

/**
 * The kinds of a group by their plurals. Not every version of a group has every kind: an alpha kind
 * is in none that the group prefers. The preferred version is asked first, and the others until all kinds are found.
 */
async function servedKinds(
  group: string,
  plurals: readonly string[],
  connection: Connection,
): Promise<ReadonlyMap<string, ServedKind>> {
  const found = new Map<string, ServedKind>();
  for (const version of await versionsOf(group, connection)) {
    if (plurals.every((plural) => found.has(plural))) break;
    const kind = { group: group === "" ? "core" : group, version, kind: "APIResourceList" };
    const answer = await ask(connection, { kind, path: groupPath(kind), form: kindsForm });
    for (const one of answer?.resources ?? []) {
      if (!found.has(one.name)) found.set(one.name, { version, kind: one.kind });
    }
  }
  return found;
}

/** The versions of a group that the cluster serves, the preferred one first. None of a group that it does not know. */
async function versionsOf(group: string, connection: Connection): Promise<readonly string[]> {
  if (group === "") return ["v1"];
  const kind = { group, version: "v1", kind: "APIGroup" };
  const answer = await ask(connection, { kind, path: `/apis/${group}`, form: groupForm });
  if (answer === undefined) return [];
  return [...new Set([answer.preferredVersion, ...answer.versions].map(({ version }) => version))];
}

async function objectsOf(
  { group, resource, namespaces }: WithdrawnRight,
  kinds: ReadonlyMap<string, ServedKind>,
  connection: Connection,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const served = kinds.get(resource);
  if (served === undefined) return new Map();
  const list = { ...served, group: group === "" ? "core" : group, metadataOnly: true, isOptional: true };
  const answer = await ask(connection, { kind: list, path: `${groupPath(list)}/${resource}`, form: objectList });
  const own = (answer?.items ?? []).filter(({ metadata }) => {
    const owners = controlled.parse(metadata.ownerReferences);
    return namespaces.includes(metadata.namespace ?? "") && !owners.some(({ controller }) => controller);
  });
  const places = [...groupBy(own, ({ metadata }) => metadata.namespace ?? "")];
  return new Map(
    places.map(([namespace, objects]) => [namespace, objects.map(({ metadata }) => metadata.name).sort()]),
  );
}
