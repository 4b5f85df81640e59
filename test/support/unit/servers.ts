import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A server on a free port of loopback, for one test. */
export interface TestServer {
  readonly port: number;
  /** Ends the server and all its connections. */
  stop(): Promise<void>;
}

/** The servers of one test. */
export class TestServers {
  readonly #running: TestServer[] = [];

  /** A server that stops with the others. */
  async started<Started extends TestServer>(server: Promise<Started>): Promise<Started> {
    this.#running.push(await server);
    return await server;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((server) => server.stop()));
  }
}

/** Starts a server that does with each connection what a test wants; by default it accepts it and never answers. */
export function socketServer(onConnection: (socket: Socket) => void = () => undefined): Promise<TestServer> {
  return start(createServer(onConnection));
}

/** Sends an answer byte by byte, without an end. @param head what it begins with */
export function trickle(socket: Socket, head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"): void {
  socket.write(head);
  const timer = setInterval(() => socket.write("x"), 5);
  socket.on("close", () => clearInterval(timer));
}

/** Starts an HTTP server. @param tls options of TLS @default - without TLS */
export function httpServer(onRequest: RequestListener, tls?: ServerOptions): Promise<TestServer> {
  return start(tls ? createHttpsServer(tls, onRequest) : createHttpServer(onRequest));
}

/** Starts a proxy that records the requested hosts and refuses all of them. */
export async function refusingProxy(): Promise<TestServer & { readonly hosts: string[] }> {
  const hosts: string[] = [];
  const server = createHttpServer().on("connect", ({ url = "" }, socket) => {
    hosts.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  return { hosts, ...(await start(server)) };
}

/** Starts a proxy that connects every request to one port of this machine, whichever host it asks for. */
export function tunnelTo(port: number): Promise<TestServer> {
  const server = createHttpServer().on("connect", (_, socket) => {
    const target = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    for (const end of [socket, target]) end.on("error", () => end.destroy());
    socket.pipe(target).pipe(socket);
  });
  return start(server);
}

/** Starts a SOCKS5 proxy without a login, which connects every request to one port of this machine. */
export function socksTo(port: number): Promise<TestServer> {
  const server = createServer((socket) => {
    // The greeting, and then the request to connect. @see RFC 1928
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", () => {
        const target = connect(port, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          socket.pipe(target).pipe(socket);
        });
        target.on("error", () => target.destroy());
      });
    });
  });
  return start(server);
}

async function start(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    // A client that gives up resets the connection.
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
