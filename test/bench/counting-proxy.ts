import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createAuthority, issueServer } from "@fleet/sandbox/control-plane/certificates";
import { KubeConfig } from "@kubernetes/client-node";
import { type Dispatcher, request } from "undici";
import { apiConnection } from "./api-connection.js";

/** A request to the API server. */
export interface KubernetesRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** Watches keep their connections, and are silent for long. */
const unlimited = { connections: null, bodyTimeout: 0 } as const;

/** Headers that belong to one connection, and so are not passed on. */
const hopByHop = new Set(["connection", "host", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * A proxy in front of an API server, which notes each request. It takes the place of the API server by a kubeconfig of
 * its own, whose token makes a caller the administrator. It slows down what it counts, so no time is measured through it.
 */
export class CountingProxy {
  readonly #requests: KubernetesRequest[] = [];

  private constructor(
    private readonly server: Server,
    private readonly upstream: { readonly url: string; readonly agent: Dispatcher },
    private readonly token: string,
    /** Path of the kubeconfig that leads to the proxy. */
    readonly kubeconfig: string,
  ) {}

  /**
   * Starts a proxy on a free port of loopback.
   * @param kubeconfig path of an administrator's, with a client certificate
   * @param directory gets the kubeconfig of the proxy
   */
  static async start(kubeconfig: string, directory: string): Promise<CountingProxy> {
    const authority = await createAuthority("authority of the counting proxy");
    const names = { dns: ["localhost"], ip: ["127.0.0.1"] };
    const server = createServer(await issueServer(authority, { commonName: "counting proxy" }, names));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const own = join(directory, "counted-kubeconfig.json");
    const { port } = server.address() as AddressInfo;
    const token = randomBytes(32).toString("hex");
    await writeFile(own, kubeconfigOf(`https://127.0.0.1:${port}`, authority.cert, token), { mode: 0o600 });
    const proxy = new CountingProxy(server, apiConnection(kubeconfig, unlimited), token, own);
    server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
      // The caller sees a broken connection, as it would without the proxy.
      proxy.#forward(incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
    });
    return proxy;
  }

  /** Runs something, and counts the requests that arrive meanwhile. */
  async during<T>(
    run: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly requests: readonly KubernetesRequest[] }> {
    const before = this.#requests.length;
    const result = await run();
    return { result, requests: this.#requests.slice(before) };
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await Promise.all([once(this.server, "close"), this.upstream.agent.destroy()]);
  }

  async #forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers: sent } = incoming;
    if (sent.authorization !== `Bearer ${this.token}`) {
      outgoing.writeHead(401).end();
      return;
    }
    this.#requests.push({ method, url });
    const abort = new AbortController();
    // A watch ends when its caller goes.
    outgoing.on("close", () => abort.abort());
    const hasBody = method !== "GET" && method !== "HEAD";
    const { statusCode, headers, body } = await request(`${this.upstream.url}${url}`, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.upstream.agent,
      headers: passedOn(sent),
      signal: abort.signal,
      ...(hasBody ? { body: incoming } : {}),
    });
    outgoing.writeHead(statusCode, passedOn(headers));
    await pipeline(body, outgoing);
  }
}

function passedOn(headers: OutgoingHttpHeaders): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(([name, value]) => !hopByHop.has(name) && value !== undefined);
  // The proxy comes with the administrator's certificate; the token is the proxy's own.
  return Object.fromEntries(kept.filter(([name]) => name !== "authorization")) as Record<string, string | string[]>;
}

function kubeconfigOf(server: string, authority: string, token: string): string {
  const config = new KubeConfig();
  const caData = Buffer.from(authority).toString("base64");
  config.loadFromClusterAndUser({ name: "counted", server, caData, skipTLSVerify: false }, { name: "counted", token });
  return config.exportConfig();
}
