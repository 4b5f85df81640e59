import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A fixed loopback port in front of a Service: the part that kube-proxy has on a real node. */
export interface ServiceProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Forwards each connection to whatever port serves at that moment.
 * @param port where to listen; 0 takes a free one
 * @param backend the loopback port of a process that is ready, or `undefined` when there is none: then the connection
 *   is reset, as one to a Service without endpoints is refused
 * @throws when the port is taken (`EADDRINUSE`)
 */
export async function startServiceProxy(port: number, backend: () => number | undefined): Promise<ServiceProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = backend();
    if (target === undefined) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: "127.0.0.1", port: target, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
    // An error on one side ends both; the side that is still there learns it by its connection being reset.
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.resetAndDestroy());
    client.pipe(upstream).pipe(client);
  });
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
