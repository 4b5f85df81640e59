import { request } from "undici";
import { z } from "zod";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { waitFor } from "../support/e2e/wait-for.js";
import { type ApiConnection, apiConnection } from "./api-connection.js";

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

const observed = z.object({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

type Found = Readonly<Record<string, unknown>>;

/**
 * An API server, called with as little overhead as possible: no client library, and connections that stay open.
 *
 * The client of @kubernetes/client-node opens a connection, with its TLS handshake, for every request: a floor measured
 * with it would be several times too high, and the program would look better than it is.
 */
export class ApiServer {
  readonly #connection: ApiConnection;
  readonly #kinds = new Map<string, Promise<z.infer<typeof resourceList>["resources"]>>();

  /** @param kubeconfig path of an administrator's, with a client certificate */
  constructor(kubeconfig: string) {
    this.#connection = apiConnection(kubeconfig);
  }

  /**
   * Sends an object by server-side apply, under the name that the program uses too.
   * @param dryRun whether the server only says what it would do. @default false
   * @throws with the server's own words when it refuses
   */
  async apply(object: KubernetesObject, dryRun = false): Promise<void> {
    const query = `fieldManager=fleet&force=true${dryRun ? "&dryRun=All" : ""}`;
    await this.#send("PATCH", `${await this.#path(object)}?${query}`, object);
  }

  /** Deletes an object in the background; a missing object is no error. */
  async remove(object: KubernetesObject): Promise<void> {
    await this.#send("DELETE", `${await this.#path(object)}?propagationPolicy=Background`);
  }

  /** @returns `undefined` when there is no such object */
  async find(object: KubernetesObject): Promise<Found | undefined> {
    return this.#send("GET", await this.#path(object));
  }

  /** Waits until an object's condition is True: `Established`, `Available`, `Ready`. */
  async waitForCondition(object: KubernetesObject, type: string): Promise<void> {
    await waitFor(
      async () => {
        const { conditions } = observed.parse(await this.find(object)).status;
        return conditions.some((condition) => condition.type === type && condition.status === "True");
      },
      { timeout: 300_000, interval: 50, describe: () => `${objectName(object)} is ${type}` },
    );
  }

  /** Waits until an object is gone. */
  async waitUntilGone(object: KubernetesObject): Promise<void> {
    await waitFor(async () => (await this.find(object)) === undefined, {
      timeout: 300_000,
      interval: 100,
      describe: () => `${objectName(object)} is gone`,
    });
  }

  /** Closes every connection. */
  close(): Promise<void> {
    return this.#connection.agent.close();
  }

  async #path({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = (await this.#served(root)).find((each) => each.kind === kind && !each.name.includes("/"));
    if (known === undefined) throw new Error(`The API server has no ${kind} in ${apiVersion}.`);
    const namespace = known.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${root}${namespace}/${known.name}/${metadata.name}`;
  }

  /** The resources below a path, requested once. A new definition may take a moment to be served. */
  #served(root: string): Promise<z.infer<typeof resourceList>["resources"]> {
    const known = this.#kinds.get(root);
    if (known !== undefined) return known;
    const asking = waitFor(
      async () => {
        const answer = await this.#send("GET", root);
        return answer !== undefined && resourceList.parse(answer).resources;
      },
      { timeout: 30_000, interval: 50, describe: () => `the API server serves ${root}` },
    );
    this.#kinds.set(root, asking);
    return asking;
  }

  async #send(method: "GET" | "PATCH" | "DELETE", path: string, body?: object): Promise<Found | undefined> {
    const { statusCode, body: answer } = await request(`${this.#connection.url}${path}`, {
      method,
      dispatcher: this.#connection.agent,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/apply-patch+yaml" }, body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    if (statusCode === 404 && method !== "PATCH") return undefined;
    // A message about a Secret may quote its content.
    const words = path.includes("/secrets/") ? "" : `: ${said}`;
    if (statusCode >= 300) throw new Error(`${method} ${path} was answered with ${statusCode}${words}`);
    return JSON.parse(said) as Found;
  }
}
