import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAuthority, issueServer } from "../control-plane/certificates.js";
import { startConnectProxy } from "../lib/connect-proxy.js";
import { writePrivateFile } from "../lib/private-file.js";
import { addedCharts } from "./added-charts.js";
import { ChartRegistry } from "./chart-registry.js";
import type { PublishedChart } from "./published-charts.js";

/** The way of a cluster's processes to HTTPS servers. */
export interface Egress {
  /** URL of the proxy, for HTTPS_PROXY. */
  readonly proxy: string;
  /** File with the authority of the sandbox's registries, for SSL_CERT_FILE. */
  readonly certificates: string;
  /** Closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts a proxy on loopback that leads to the sandbox's own registries by their upstream names, and to every other host
 * as it is. So the files of fleet/ name the same registries here as on a real cluster.
 * @param args.dir folder for the certificate of the authority, which is a new one at each start
 * @param args.charts the charts that the registries have. Their hosts are those of the certificate
 * @param args.added folder of further charts at these hosts, which each request reads again
 */
export async function startEgress(args: {
  readonly dir: string;
  readonly charts: readonly PublishedChart[];
  readonly added: string;
}): Promise<Egress> {
  const { hosts } = new ChartRegistry(args.charts);
  const certificates = join(args.dir, "registries.crt");
  const authority = await createAuthority("fleet sandbox registries");
  await writePrivateFile(certificates, authority.cert);
  const names = { dns: [...hosts, "localhost"], ip: [] };
  const server = createHttpsServer(await issueServer(authority, { commonName: "registry" }, names));
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const registry = async () => new ChartRegistry([...args.charts, ...(await addedCharts(args.added))]);
    serve(registry, request, response).catch((error: unknown) => response.writeHead(500).end(`${String(error)}\n`));
  });
  const registryPort = await listening(server);

  const proxy = await startConnectProxy((target) =>
    target.port === 443 && hosts.includes(target.host) ? { host: "127.0.0.1", port: registryPort } : target,
  );
  return {
    proxy: proxy.address,
    certificates,
    stop: async () => {
      await Promise.all([proxy.stop(), closed(server)]);
    },
  };
}

async function serve(
  registry: () => Promise<ChartRegistry>,
  { method, headers, url = "/" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405).end("The sandbox's registries are read-only.\n");
    return;
  }
  const [host = ""] = (headers.host ?? "").split(":");
  const { pathname } = new URL(url, "https://registry");
  const { status, type, body, digest } = (await registry()).answer(host, pathname);
  response.writeHead(status, {
    "content-type": type,
    "content-length": body.length,
    ...(digest === undefined ? {} : { "docker-content-digest": digest }),
  });
  response.end(method === "HEAD" ? undefined : body);
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
