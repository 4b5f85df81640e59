import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoreV1Api, V1Service } from "@kubernetes/client-node";
import { nodeIp } from "../control-plane/node.js";
import { startConnectProxy, type Target } from "../lib/connect-proxy.js";
import { type Backend, backendPort } from "./services.js";

/** The API server's way to Services: the part of a cluster's network that webhooks and aggregated APIs need. */
export interface ClusterNetwork {
  /** Path of the socket of the proxy that the API server uses. Only this account may connect to it. */
  readonly socket: string;
  /** Leads to the pods of a cluster from now on. Before that, nothing but the node can be reached. */
  attach(api: Pick<CoreV1Api, "listServiceForAllNamespaces">, ready: () => readonly Backend[]): void;
  /** Closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts the proxy. It comes before the API server, which must know its socket, and so before there are any Services.
 *
 * The socket has a folder of its own: the path of a socket must be short, and that of a state directory may be long.
 */
export async function startClusterNetwork(): Promise<ClusterNetwork> {
  let findServices: (address: string) => Promise<readonly V1Service[]> = async () => [];
  let ready: () => readonly Backend[] = () => [];
  const route = async (asked: Target): Promise<Target | undefined> =>
    asked.host === nodeIp ? asked : serviceTarget(asked, await findServices(asked.host), ready());
  const folder = await mkdtemp(join(tmpdir(), "fleet-services-"));
  const proxy = await startConnectProxy(route, join(folder, "socket"));
  return {
    socket: proxy.address,
    attach: (api, backends) => {
      ready = backends;
      // Asked for each connection: these are few, and so need no watch of all Services.
      findServices = async (address) =>
        (await api.listServiceForAllNamespaces({ fieldSelector: `spec.clusterIP=${address}` })).items;
    },
    stop: async () => {
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The process behind the address of a Service.
 * @param services those that have this address
 * @returns `undefined` when none is ready, as behind the pods that kwok fakes: then the connection is refused
 */
export function serviceTarget(
  asked: Target,
  services: readonly V1Service[],
  ready: readonly Backend[],
): Target | undefined {
  const service = services.find(({ spec }) => spec?.clusterIP === asked.host);
  const port = backendPort(service, ready, asked.port);
  return port === undefined ? undefined : { host: "127.0.0.1", port };
}
