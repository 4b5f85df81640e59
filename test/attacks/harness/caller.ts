import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, fetch } from "undici";
import type { ApiRequest } from "../request.js";

/** An answer of the API server. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  /** The object, the list, or the Status that says why not. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Someone at the API server, by a token or as the administrator. */
export class Caller {
  readonly #server: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;

  private constructor(server: string, headers: Readonly<Record<string, string>>, agent: Agent) {
    this.#server = server;
    this.#headers = headers;
    this.#agent = agent;
  }

  static async of(who: KubeConfig): Promise<Caller> {
    const cluster = who.getCurrentCluster();
    if (cluster === null) throw new Error("The kubeconfig names no current cluster.");
    const options: { ca?: unknown; cert?: unknown; key?: unknown } = {};
    await who.applyToHTTPSOptions(options as Parameters<KubeConfig["applyToHTTPSOptions"]>[0]);
    const { ca, cert, key } = options as { ca: Buffer; cert?: Buffer; key?: Buffer };
    const token = who.getCurrentUser()?.token;
    const agent = new Agent({ connect: { ca, ...(cert && key ? { cert, key } : {}) } });
    return new Caller(cluster.server, token === undefined ? {} : { authorization: `Bearer ${token}` }, agent);
  }

  /** Sends a request. @param dryRun whether it is only judged. @default false */
  async send({ method, path, query, body, contentType, as }: ApiRequest, dryRun = false): Promise<Answer> {
    const url = new URL(path, this.#server);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    if (dryRun && method !== "GET") url.searchParams.set("dryRun", "All");
    const headers = new Headers(this.#headers);
    if (body !== undefined) headers.set("content-type", contentType ?? "application/json");
    if (as !== undefined) headers.set("impersonate-user", as.user);
    for (const group of as?.groups ?? []) headers.append("impersonate-group", group);
    const response = await fetch(url, {
      method,
      dispatcher: this.#agent,
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      ok: response.ok,
      status: response.status,
      body: (await response.json()) as Readonly<Record<string, unknown>>,
    };
  }

  /** Closes its connections. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** The message of the API server about a request that it refused. */
export function messageOf({ body }: Answer): string {
  return String(body.message);
}
