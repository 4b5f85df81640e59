import { randomUUID } from "node:crypto";
import type { ApiAnswer, ApiClient, ApiRequest } from "../../../cli/cluster/api-client.js";
import { groupPath, objectPath, pluralOf } from "../../../lib/kubernetes/api-paths.js";
import type { LiveRule, Subject } from "../../../operate/access/bindings.js";
import { merged, patched, refusal, type StoredObject } from "./stored-objects.js";

/** A request that was answered. */
interface SeenRequest extends ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly isDryRun: boolean;
  /** User that it acts for. @default - the administrator */
  readonly user?: string | undefined;
}

/** Kinds whose objects have no namespace. */
const ofCluster = ["Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"];

/**
 * An API server in memory that stores objects, applies and patches them, and judges accounts by the role bindings that it
 * stores. It has no admission and no controllers: `refuse` and `afterWrite` stand for them.
 */
export class FakeApiServer implements ApiClient {
  readonly context = "prod";
  readonly server = "https://prod.example";
  readonly seen: SeenRequest[] = [];
  readonly #objects = new Map<string, StoredObject>();
  readonly #kinds = new Map<string, { readonly kind: string; readonly path: string }>();
  /** The last apply of each client by the path of the object. */
  readonly #applied = new Map<string, unknown>();
  /** The refusal of a request. Undefined accepts it. */
  refuse: (request: SeenRequest) => ApiAnswer | undefined = () => undefined;
  /** Stands for controllers, which follow a write. */
  afterWrite: () => void = () => undefined;

  /** Serves a kind, also while there are no objects of it. */
  serve(object: Pick<StoredObject, "apiVersion" | "kind">): void {
    const type = typeOf(object);
    this.#kinds.set(`${type.group}/${type.kind}`, { kind: type.kind, path: `${groupPath(type)}/${pluralOf(type)}` });
  }

  /** Stores an object, as an administrator does. */
  put(object: StoredObject): void {
    this.serve(object);
    const path = objectPath(typeOf(object), object.metadata);
    const { uid = randomUUID(), generation = 1 } = object.metadata;
    const empty = { labels: {}, annotations: {}, managedFields: [] };
    this.#objects.set(path, { ...object, metadata: { ...empty, ...object.metadata, uid, generation } });
  }

  get objects(): readonly StoredObject[] {
    return [...this.#objects.values()];
  }

  /** An object. Undefined without. */
  find(kind: string, name: string, namespace?: string): StoredObject | undefined {
    return this.objects.find((one) => {
      return one.kind === kind && one.metadata.name === name && one.metadata.namespace === namespace;
    });
  }

  /** Requests that stored something. */
  get writes(): readonly SeenRequest[] {
    return this.seen.filter(({ method, isDryRun, path }) => method !== "GET" && !isDryRun && !path.includes("reviews"));
  }

  requests(): number {
    return this.seen.length;
  }

  end(): void {
    // Nothing is open.
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    const { method = "GET", path, body, headers = {} } = request;
    const url = new URL(path, this.server);
    const isDryRun = url.searchParams.has("dryRun") || Array.isArray((Object(body) as { dryRun?: unknown }).dryRun);
    const user = headers["impersonate-user"] as string | undefined;
    const seen: SeenRequest = { ...request, method, isDryRun, user };
    this.seen.push(seen);
    return this.refuse(seen) ?? this.#answer(seen, url);
  }

  #answer(request: SeenRequest, { pathname }: URL): ApiAnswer {
    if (request.method === "GET") return this.#read(pathname);
    if (request.method === "POST") return this.#review(request.body);
    const before = this.#objects.get(pathname);
    const { user } = request;
    if (user !== undefined && before !== undefined && !this.#may(user, "patch", before)) {
      return refusal(403, `${before.kind} is forbidden: User "${user}" cannot patch resource`);
    }
    if (request.method === "DELETE") return this.#delete(request, pathname);
    const after = this.#after(request, before);
    if ("status" in after && "body" in after) return after as ApiAnswer;
    if (!request.isDryRun) this.#store(after as StoredObject, before);
    return { status: 200, body: after };
  }

  #read(path: string): ApiAnswer {
    const single = this.#objects.get(path);
    if (single !== undefined) return { status: 200, body: single };
    const list = [...this.#kinds.values()].find((one) => one.path === path);
    if (list !== undefined) {
      const items = this.objects.filter(({ kind }) => kind === list.kind);
      return { status: 200, body: { kind: "List", items } };
    }
    const served = [...this.#kinds.values()].filter((one) => one.path.startsWith(`${path}/`));
    if (served.length === 0) return refusal(404, "not found");
    const resources = served.map(({ kind }) => {
      return { name: pluralOf({ kind }), kind, namespaced: !ofCluster.includes(kind) };
    });
    return { status: 200, body: { kind: "APIResourceList", resources } };
  }

  #review(body: unknown): ApiAnswer {
    const { spec } = body as { readonly spec: { readonly user: string; readonly resourceAttributes: Attributes } };
    return { status: 201, body: { status: { allowed: this.#isAllowed(spec.user, spec.resourceAttributes) } } };
  }

  #delete({ body, isDryRun }: SeenRequest, path: string): ApiAnswer {
    const before = this.#objects.get(path);
    const { preconditions } = body as { readonly preconditions: { readonly uid: string } };
    if (before === undefined) return refusal(404, "not found");
    if (before.metadata.uid !== preconditions.uid) return refusal(409, "the UID in the precondition is another one");
    if (!isDryRun) {
      this.#objects.delete(path);
      this.afterWrite();
    }
    return { status: 200, body: {} };
  }

  #after({ body, headers = {}, path }: SeenRequest, before: StoredObject | undefined): StoredObject | ApiAnswer {
    if (headers["content-type"] === "application/json-patch+json") {
      if (before === undefined) return refusal(404, "not found");
      const after = patched(before, body as Parameters<typeof patched>[1]);
      return after ?? refusal(422, "the server rejected our request due to an error in our request");
    }
    const { pathname, searchParams } = new URL(path, this.server);
    const manager = searchParams.get("fieldManager");
    const managedFields = [{ manager, operation: "Apply", fieldsV1: {} }];
    const former = before && this.#applied.get(`${pathname} ${manager}`);
    if (!searchParams.has("dryRun")) this.#applied.set(`${pathname} ${manager}`, body);
    return before === undefined
      ? (merged(body, { metadata: { managedFields } }) as StoredObject)
      : (merged(before, body, former) as StoredObject);
  }

  #store(after: StoredObject, before: StoredObject | undefined): void {
    const isChanged = JSON.stringify(before?.spec) !== JSON.stringify(after.spec);
    const generation = Number(before?.metadata.generation ?? 0) + Number(before === undefined || isChanged);
    this.put({ ...after, metadata: { ...after.metadata, generation } });
    this.afterWrite();
  }

  #may(user: string, verb: string, object: StoredObject): boolean {
    const { group, kind } = typeOf(object);
    const { namespace } = object.metadata;
    const place = namespace === undefined ? {} : { namespace };
    return this.#isAllowed(user, {
      verb,
      group: group === "core" ? "" : group,
      resource: pluralOf({ kind }),
      ...place,
    });
  }

  #isAllowed(user: string, { verb, group, resource, namespace }: Attributes): boolean {
    const [, , place, name] = user.split(":");
    const has = (list: readonly string[] = [], value: string) => list.includes(value) || list.includes("*");
    return this.objects.some((binding) => {
      if (binding.kind !== "ClusterRoleBinding" && binding.kind !== "RoleBinding") return false;
      if (binding.kind === "RoleBinding" && binding.metadata.namespace !== namespace) return false;
      const subjects = (binding.subjects ?? []) as readonly Subject[];
      if (!subjects.some((one) => one.name === name && one.namespace === place)) return false;
      const { kind, name: role } = binding.roleRef as { readonly kind: string; readonly name: string };
      const rules = this.find(kind, role, kind === "Role" ? namespace : undefined)?.rules as readonly LiveRule[];
      return (rules ?? []).some((one) => {
        return has(one.verbs, verb) && has(one.apiGroups, group) && has(one.resources, resource);
      });
    });
  }
}

interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

function typeOf({ apiVersion, kind }: Pick<StoredObject, "apiVersion" | "kind">) {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? { group: "core", version: group, kind } : { group, version, kind };
}
