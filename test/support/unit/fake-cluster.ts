import type { ApiAnswer, ApiClient, ApiRequest } from "../../../cli/cluster/api-client.js";
import { groupPath, objectPath, pluralOf } from "../../../lib/kubernetes/api-paths.js";
import { isManagedByFleet } from "../../../lib/kubernetes/ownership-labels.js";
import { plannedDryRuns } from "../../../operate/verify/admission.js";
import { type PlannedObject, plannedObjects } from "../../../operate/verify/planned-objects.js";
import type { StackPlan } from "../../../review/planned-resource.js";
import { pageOf } from "./list-pages.js";

interface FakeObject {
  readonly type: Pick<PlannedObject, "group" | "version" | "kind">;
  readonly content: Record<string, unknown> & {
    metadata: { name: string; namespace?: string | undefined; labels?: Record<string, string> };
  };
}

/** An API server in memory, with every object of a plan. A test changes it, and counts requests. */
export class FakeCluster implements ApiClient {
  readonly context = "";
  readonly server = "https://api.example.com:6443";
  readonly sent: ApiRequest[] = [];
  readonly #objects = new Map<string, FakeObject>();
  readonly #policies = new Map<string, string>();
  /** Names of policies that are not in force. */
  readonly silent = new Set<string>();
  /** Rights that an authorizer beside RBAC gives: `USER VERB RESOURCE`. */
  readonly granted = new Set<string>();
  /** Messages by which objects that no violation is are refused: `KIND NAME`. */
  readonly refused = new Map<string, string>();
  /** Answers in place of the server's own, by the beginning of the path. */
  readonly faults = new Map<string, ApiAnswer>();
  /** Paths of lists whose further pages have expired. */
  readonly expired = new Set<string>();

  constructor(plan: StackPlan) {
    const planned = plannedObjects(plan);
    for (const one of planned) this.put(one, applied(one));
    for (const { policy, object } of plannedDryRuns(planned, []).runs) {
      this.#policies.set(JSON.stringify(object), policy);
    }
  }

  /** Adds an object, or replaces it. */
  put({ group, version, kind }: FakeObject["type"], content: unknown): void {
    const type = { group, version, kind };
    const one = content as FakeObject["content"];
    this.#objects.set(objectPath(type, one.metadata), { type, content: one });
  }

  /** An object, to be changed in place. */
  get(kind: string, name: string, namespace?: string): FakeObject["content"] {
    const found = [...this.#objects.values()].find(({ type, content: { metadata } }) => {
      return type.kind === kind && metadata.name === name && metadata.namespace === namespace;
    });
    if (found === undefined) throw new Error(`there is no ${kind} ${namespace ?? ""}/${name}`);
    return found.content;
  }

  remove(kind: string, name: string, namespace?: string): void {
    const { metadata } = this.get(kind, name, namespace);
    for (const [path, { type, content }] of this.#objects) {
      if (type.kind === kind && content.metadata === metadata) this.#objects.delete(path);
    }
  }

  requests(): number {
    return this.sent.length;
  }

  end(): void {
    this.sent.push({ path: "/closed" });
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    this.sent.push(request);
    const { method = "GET", path, body } = request;
    const fault = [...this.faults].find(([start]) => path.startsWith(start));
    if (fault !== undefined) return fault[1];
    if (path.endsWith("/subjectaccessreviews")) return { status: 201, body: { status: { allowed: this.#may(body) } } };
    if (method !== "GET") return this.#dryRun(body);
    const found = this.#objects.get(path);
    if (found !== undefined) return { status: 200, body: found.content };
    const [place = "", query = ""] = path.split("?");
    const isLabelled = query.includes("labelSelector");
    if (query === "" && !this.expired.has(place)) return { status: 404, body: { message: "not found" } };
    const items = [...this.#objects.values()].filter(({ type, content }) => {
      const isKind = `${groupPath(type)}/${pluralOf(type)}` === place;
      return isKind && (!isLabelled || isManagedByFleet(content.metadata.labels));
    });
    const list = { metadata: {}, items: items.map(({ content }) => content) };
    const answer = pageOf(list, new URLSearchParams(query), this.expired.has(place));
    return typeof answer === "number"
      ? { status: answer, body: { message: "expired" } }
      : { status: 200, body: answer };
  }

  #may(body: unknown): boolean {
    const { spec } = body as {
      spec: { user: string; resourceAttributes: { verb: string; resource: string; namespace?: string } };
    };
    const { verb, resource, namespace } = spec.resourceAttributes;
    const isOwn = spec.user === `system:serviceaccount:${namespace}:reconciler`;
    return (isOwn && verb === "create") || this.granted.has(`${spec.user} ${verb} ${resource}`);
  }

  #dryRun(body: unknown): ApiAnswer {
    const policy = this.#policies.get(JSON.stringify(body));
    if (policy === undefined) return this.#replay(body as FakeObject["content"]);
    if (this.silent.has(policy)) return { status: 201, body };
    const message = `x is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: no`;
    return { status: 403, body: { message } };
  }

  /** The object exists, unless the API server refuses it before. */
  #replay({ kind, metadata }: FakeObject["content"]): ApiAnswer {
    const message = this.refused.get(`${kind} ${metadata.name}`);
    if (message !== undefined) return { status: 403, body: { message } };
    return { status: 409, body: { message: "already exists" } };
  }
}

/** An object as the program applies it. The owner of a Secret's content is noted. */
function applied({ kind, fields }: PlannedObject): Record<string, unknown> {
  const object = structuredClone(fields) as Record<string, unknown> & { readonly metadata: object };
  if (kind !== "Secret" || fields.data === undefined) return object;
  const keys = Object.keys(fields.data as object).map((key) => [`f:${key}`, {}]);
  const fieldsV1 = { "f:data": Object.fromEntries(keys) };
  const managedFields = [{ manager: "fleet", operation: "Apply", fieldsV1 }];
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
