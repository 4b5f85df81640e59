import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ClusterAnswer, pageOf } from "./list-pages.js";
import { httpServer, socketServer, type TestServer, TestServers } from "./servers.js";

/** An API server that answers by path. */
export interface FakeCluster extends TestServer {
  /** Paths with their queries, in the order of the requests. */
  readonly requests: string[];
  /** Paths of lists whose further pages have expired. */
  readonly expired: Set<string>;
}

/** API servers, and a kubeconfig with one context for each. */
export class FakeClusters {
  readonly #folder = mkdtempSync(join(tmpdir(), "fleet-clusters-"));
  readonly #servers = new TestServers();
  readonly #contexts = new Map<string, { readonly port: number; readonly user: object }>();

  /**
   * An API server behind a context, which lists by pages.
   * @param answers by path without its query; 404 for any other
   */
  async add(context: string, answers: Readonly<Record<string, ClusterAnswer>>, user = {}): Promise<FakeCluster> {
    const requests: string[] = [];
    const expired = new Set<string>();
    const server = await this.#servers.started(
      httpServer(({ url = "" }, response) => {
        requests.push(url);
        const { pathname, searchParams } = new URL(url, "http://cluster");
        const answer = pageOf(answers[pathname] ?? 404, searchParams, expired.has(pathname));
        response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(typeof answer === "number" ? { kind: "Status" } : answer));
      }),
    );
    this.#contexts.set(context, { port: server.port, user });
    return { ...server, requests, expired };
  }

  /** A context whose server accepts connections, and never answers. */
  async addSilent(context: string): Promise<void> {
    const { port } = await this.#servers.started(socketServer());
    this.#contexts.set(context, { port, user: {} });
  }

  /** Writes the kubeconfig. @returns the environment that leads to it */
  environment(current?: string): Readonly<Record<string, string | undefined>> {
    const file = join(this.#folder, "kubeconfig");
    const entries = [...this.#contexts];
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: entries.map(([name, { port }]) => ({ name, cluster: { server: `http://127.0.0.1:${port}` } })),
      users: entries.map(([name, { user }]) => ({ name, user })),
      contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name } })),
      ...(current !== undefined && { "current-context": current }),
    };
    writeFileSync(file, stringify(content));
    return { PATH: process.env.PATH, KUBECONFIG: file };
  }

  /** Stops the servers and deletes the kubeconfig. */
  async end(): Promise<void> {
    await this.#servers.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
