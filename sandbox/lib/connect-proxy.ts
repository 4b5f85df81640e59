import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf } from "./message-of.js";

/** The other end of a connection. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A proxy that tunnels connections (`CONNECT`). */
export interface ConnectProxy {
  /** `http://127.0.0.1:PORT`, or the path of its socket. */
  readonly address: string;
  /** Closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts a proxy that tunnels connections.
 * @param route the actual target of a connection. `undefined` refuses it; so does an error, whose text the client gets
 * @param socket path of a Unix socket to listen on. @default - a free loopback port
 */
export async function startConnectProxy(
  route: (asked: Target) => Target | undefined | Promise<Target | undefined>,
  socket?: string,
): Promise<ConnectProxy> {
  const open = new Set<Duplex>();
  const server = createServer((_, response) => response.writeHead(405).end("This proxy tunnels connections only.\n"));
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => client.destroy());
    open.add(client);
    client.once("close", () => open.delete(client));
    const asked = targetOf(request.url ?? "");
    if (asked === undefined) {
      refuse(client, "400 Bad Request");
      return;
    }
    // The route may have to be looked up; the client waits meanwhile.
    void Promise.resolve(asked)
      .then(route)
      .then(
        (target) => (target === undefined ? refuse(client, "502 Bad Gateway") : tunnel(client, head, target, open)),
        (error: unknown) => refuse(client, `502 Bad Gateway: ${messageOf(error).replaceAll(/\s+/g, " ")}`),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket === undefined ? { host: "127.0.0.1", port: 0 } : { path: socket }, resolve);
  });
  return {
    address: socket ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of open) socket.destroy();
      }),
  };
}

/** The target of a CONNECT request: `HOST:PORT`, an IPv6 address in brackets. */
function targetOf(authority: string): Target | undefined {
  const [, host = "", port = ""] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(authority) ?? [];
  return host === "" ? undefined : { host: host.toLowerCase(), port: Number(port) };
}

function refuse(client: Duplex, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

function tunnel(client: Duplex, head: Buffer, target: Target, open: Set<Duplex>): void {
  let upstream: Socket;
  try {
    upstream = connect(target);
  } catch {
    // Node throws for a port that there cannot be.
    refuse(client, "400 Bad Request");
    return;
  }
  open.add(upstream);
  upstream.once("close", () => open.delete(upstream));
  let isConnected = false;
  upstream.once("connect", () => {
    isConnected = true;
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", () => (isConnected ? client.destroy() : refuse(client, "502 Bad Gateway")));
  client.once("close", () => upstream.destroy());
}
