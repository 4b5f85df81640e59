import { join } from "node:path";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { choosePorts, lostPort } from "../process/ports.js";
import { flagValue } from "./flags.js";
import { namedPort } from "./readiness-probe.js";
import { reasonOf } from "./runner-log.js";
import { type ServiceProxy, startServiceProxy } from "./service-proxy.js";

/** The Services that Flux's controllers, and GitHub's webhooks, talk to. */
export const serviceNames = [
  "source-controller",
  "source-watcher",
  "notification-controller",
  "webhook-receiver",
] as const;
/** One of the Services that have a port here. */
export type ServiceName = (typeof serviceNames)[number];

/** A pod that is ready, and where its ports are. */
export interface Backend {
  readonly pod: V1Pod;
  /** Loopback port by port of the container. */
  readonly ports: ReadonlyMap<number, number>;
}

/**
 * The loopback port that a Service leads to: its selector picks among the ready pods of its namespace, its target port
 * among that pod's ports. `undefined` when nothing matches.
 * @param at port of the Service. @default 80, or its first one where it has no such port
 */
export function backendPort(
  service: V1Service | undefined,
  ready: readonly Backend[],
  at?: number,
): number | undefined {
  const { selector = {}, ports: servicePorts = [] } = service?.spec ?? {};
  // By definition an empty selector selects nothing: such endpoints are managed by hand.
  if (Object.keys(selector).length === 0) return undefined;
  const servicePort =
    at === undefined
      ? (servicePorts.find(({ port }) => port === 80) ?? servicePorts[0])
      : servicePorts.find(({ port }) => port === at);
  if (servicePort === undefined) return undefined;
  for (const { pod, ports } of ready) {
    if (pod.metadata?.namespace !== service?.metadata?.namespace) continue;
    const labels = pod.metadata?.labels ?? {};
    if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) continue;
    for (const container of pod.spec?.containers ?? []) {
      const target = servicePort.targetPort ?? servicePort.port;
      const declared = typeof target === "number" || container.ports?.some(({ name }) => name === target);
      const local = declared === true ? ports.get(namedPort(container, target)) : undefined;
      if (local !== undefined) return local;
    }
  }
  return undefined;
}

/**
 * The Service from which a controller fetches artifacts: that of its shard, named as in Flux's guide, or the common one.
 * @param args of the controller
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export function artifactService(args: readonly string[]): string {
  const [, shard] =
    /^sharding\.fluxcd\.io\/key=([a-z0-9-]+)$/.exec(flagValue(args, "watch-label-selector") ?? "") ?? [];
  return shard === undefined ? "source-controller" : `source-controller-${shard}`;
}

/** How often ports are chosen anew when another process takes one first. */
const attempts = 5;

/**
 * Starts the proxies of all Services, whether the Services exist yet or not: a controller gets the addresses when
 * it starts, and cannot learn later ones.
 */
export async function startServiceProxies(
  dir: string,
  backend: (name: ServiceName) => number | undefined,
): Promise<ReadonlyMap<ServiceName, ServiceProxy>> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(join(dir, "ports.json"), serviceNames, { fresh: attempt > 1 });
    const started = new Map<ServiceName, ServiceProxy>();
    try {
      for (const name of serviceNames) started.set(name, await startServiceProxy(ports[name], () => backend(name)));
      return started;
    } catch (error) {
      for (const proxy of started.values()) await proxy.stop();
      if (!lostPort(reasonOf(error)) || attempt === attempts) throw error;
    }
  }
}

/** Addresses of Services, `HOST:PORT` by name. */
export class ServiceAddresses {
  readonly #backend: (name: string) => number | undefined;
  readonly #proxies: Map<string, Promise<ServiceProxy>>;

  /** @param proxies those that are there from the start */
  constructor(proxies: ReadonlyMap<string, ServiceProxy>, backend: (name: string) => number | undefined) {
    this.#backend = backend;
    this.#proxies = new Map([...proxies].map(([name, proxy]) => [name, Promise.resolve(proxy)]));
  }

  /** The addresses now, with one of this Service: its proxy starts when it is first asked for, as shards come and go. */
  async with(name: string): Promise<ReadonlyMap<string, string>> {
    const proxy = this.#proxies.get(name) ?? startServiceProxy(0, () => this.#backend(name));
    this.#proxies.set(name, proxy);
    const started = [...this.#proxies].map(async ([one, it]) => [one, `127.0.0.1:${(await it).port}`] as const);
    return new Map(await Promise.all(started));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map(async (proxy) => (await proxy).stop()));
  }
}
