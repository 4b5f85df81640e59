import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createAuthority, issueServer } from "../control-plane/certificates.js";
import { writePrivateFile } from "../lib/private-file.js";
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
 * @param args.charts the charts that the registries have
 */
export async function startEgress(args: {
  readonly dir: string;
  readonly charts: readonly PublishedChart[];
}): Promise<Egress> {
  const registry = new ChartRegistry(args.charts);
  const { hosts } = registry;
  const certificates = join(args.dir, "registries.crt");
  const authority = await createAuthority("fleet sandbox registries");
  await writePrivateFile(certificates, authority.cert);
  const names = { dns: [...hosts, "localhost"], ip: [] };
  const server = createHttpsServer(await issueServer(authority, { commonName: "registry" }, names));
  server.on("request", (request: IncomingMessage, response: ServerResponse) => serve(registry, request, response));
  const registryPort = await listening(server);

  const open = new Set<Duplex>();
  const proxy = createHttpServer((_, response) => response.writeHead(405).end("This proxy tunnels HTTPS only.\n"));
  proxy.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = targetOf(request.url ?? "");
    const own = target?.port === 443 && hosts.includes(target.host);
    tunnel(client, head, own ? { host: "127.0.0.1", port: registryPort } : target, open);
  });
  const port = await listening(proxy);
  return {
    proxy: `http://127.0.0.1:${port}`,
    certificates,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([closed(proxy), closed(server)]);
    },
  };
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** The target of a CONNECT request: `HOST:PORT`, an IPv6 address in brackets. */
function targetOf(authority: string): Target | undefined {
  const [, host = "", port = ""] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(authority) ?? [];
  return host === "" ? undefined : { host: host.toLowerCase(), port: Number(port) };
}

/** @param target undefined when the request names none */
function tunnel(client: Duplex, head: Buffer, target: Target | undefined, open: Set<Duplex>): void {
  const refuse = (status: string) => client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  client.on("error", () => client.destroy());
  if (target === undefined) {
    refuse("400 Bad Request");
    return;
  }
  let upstream: Socket;
  try {
    upstream = connect(target);
  } catch {
    // Node throws for a port that there cannot be.
    refuse("400 Bad Request");
    return;
  }
  for (const socket of [client, upstream]) {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  }
  let isConnected = false;
  upstream.once("connect", () => {
    isConnected = true;
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", () => (isConnected ? client.destroy() : refuse("502 Bad Gateway")));
  client.once("close", () => upstream.destroy());
}

function serve(
  registry: ChartRegistry,
  { method, headers, url = "/" }: IncomingMessage,
  response: ServerResponse,
): void {
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405).end("The sandbox's registries are read-only.\n");
    return;
  }
  const [host = ""] = (headers.host ?? "").split(":");
  const { status, type, body, digest } = registry.answer(host, new URL(url, "https://registry").pathname);
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
