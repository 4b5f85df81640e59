import { readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { CoreV1Api, type KubeConfig, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { loadKubeconfig } from "../control-plane/bootstrap.js";
import { runnerNamespace, runnerNamespaces } from "../control-plane/node.js";
import { endOrphans, ProcessRegistry } from "../process/orphans.js";
import type { Egress } from "../registry/egress.js";
import type { ClusterNetwork } from "./cluster-network.js";
import { startInformer } from "./informer.js";
import { startKubeletServer } from "./kubelet-server.js";
import { PodApi } from "./pod-api.js";
import { type PodHost, podDirectory } from "./pod-run.js";
import { PodRuns } from "./pod-runs.js";
import { fileLog, reasonOf } from "./runner-log.js";
import { backendPort, ServiceAddresses, startServiceProxies } from "./services.js";

/** Which cluster's controllers run, from which executables, and where their data lives. */
export interface FluxRunnerArgs {
  /** Kubeconfig of someone who may play the kubelet: read pods, write their status, request tokens, remove them. */
  readonly kubeconfig: string;
  /** Directory of the Flux controllers' executables. */
  readonly bin: string;
  /**
   * Puts the executable of a controller there that it lacks, if the sandbox has such a controller.
   * @default none is put there: the pod of a missing controller cannot run
   */
  readonly build?: (controller: string) => Promise<void>;
  /** The way of source-controller to registries. @default - the machine's own */
  readonly egress?: Egress;
  /** The API server's way to Services, which this runner leads to its pods. @default none */
  readonly network?: Pick<ClusterNetwork, "attach">;
  /** Where the pods' volumes, tokens and logs live. Started again with the same directory, pods keep their volumes. */
  readonly dir: string;
}

/** The kubelet of the controllers' pods. */
export interface FluxRunner {
  /** Process ids of the controllers that run now. */
  pids(): number[];
  /** Where webhooks are received: `http://127.0.0.1:PORT/`, the same for as long as the directory lives if it is free. */
  readonly receiverUrl: string;
  /** Ends every controller and waits for it. The pods stay and run again after the next start. */
  stop(): Promise<void>;
}

/** ms for the API server to answer when the runner starts. */
const timeoutMs = 30_000;

/**
 * Runs controllers as local processes: whatever Deployments create in the namespaces of Flux, cert-manager and Flagger,
 * with their arguments, their environment and as their own service accounts.
 * @throws when a port, the API server or the state directory cannot be had; nothing is left running then
 */
export async function startFluxRunner(args: FluxRunnerArgs): Promise<FluxRunner> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(args, (step) => undo.push(step), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Registers what must be done when the runner stops, or its start fails: last in, first out. */
type OnStop = (step: () => Promise<void>) => void;

async function start(args: FluxRunnerArgs, onStop: OnStop, stop: () => Promise<void>): Promise<FluxRunner> {
  const processes = join(args.dir, "processes.json");
  await endOrphans(processes);
  const log = fileLog(join(args.dir, "logs", "flux-runner.log"));
  const config = loadKubeconfig(args.kubeconfig);
  const cluster = clusterOf(config);
  const api = config.makeApiClient(CoreV1Api);
  const runs = new PodRuns();
  const { services, receiverUrl } = await proxyServices({ config, api, log, dir: args.dir, runs }, onStop);
  args.network?.attach(api, () => runs.backends());
  const registry = new ProcessRegistry(processes, () => runs.processes());
  onStop(() => registry.update());
  const host: PodHost = {
    api,
    pods: new PodApi(api, log),
    bin: args.bin,
    build: args.build ?? (async () => undefined),
    dir: args.dir,
    cluster,
    services,
    node: { cpu: availableParallelism(), memory: totalmem() },
    ...(args.egress === undefined ? {} : { egress: args.egress }),
    log,
    changed: () => {
      registry.update().catch((error: unknown) => log(`cannot record processes: ${reasonOf(error)}`));
    },
  };
  await serveLogs(host, runs, onStop);
  await forgetOthers(args.dir, api);
  onStop(() => runs.endAll());
  await followPods(config, host, runs, onStop);
  return {
    pids: () => runs.processes().map(({ pid }) => pid),
    receiverUrl,
    stop,
  };
}

/** Follows the Services and starts their proxies. */
async function proxyServices(
  { config, api, log, dir, runs }: Pick<PodHost, "api" | "log" | "dir"> & { config: KubeConfig; runs: PodRuns },
  onStop: OnStop,
): Promise<{ readonly services: ServiceAddresses; readonly receiverUrl: string }> {
  const services = await startInformer<V1Service>({
    config,
    path: `/api/v1/namespaces/${runnerNamespace}/services`,
    list: () => api.listNamespacedService({ namespace: runnerNamespace }),
    log,
  });
  onStop(() => services.stop());
  const backend = (name: string) => {
    const service = services.list().find((candidate) => candidate.metadata?.name === name);
    return backendPort(service, runs.backends());
  };
  const proxies = await startServiceProxies(dir, backend);
  const addresses = new ServiceAddresses(proxies, backend);
  onStop(() => addresses.stop());
  return { services: addresses, receiverUrl: `http://127.0.0.1:${proxies.get("webhook-receiver")?.port}/` };
}

/** Starts the kubelet's server of logs, and announces it to the API server. */
async function serveLogs({ cluster, pods }: PodHost, runs: PodRuns, onStop: OnStop): Promise<void> {
  const server = await startKubeletServer(cluster.ca, (pod) => runs.logFile(pod));
  onStop(() => server.stop());
  await pods.announceServer(server.port, AbortSignal.timeout(timeoutMs));
}

/** Runs every pod of the namespaces for as long as it exists. */
async function followPods(config: KubeConfig, host: PodHost, runs: PodRuns, onStop: OnStop): Promise<void> {
  for (const namespace of runnerNamespaces) {
    const pods = await startInformer<V1Pod>({
      config,
      path: `/api/v1/namespaces/${namespace}/pods`,
      list: () => host.api.listNamespacedPod({ namespace }),
      changed: (pod) => runs.seen(pod, host),
      gone: (pod) => runs.gone(pod, host),
      log: host.log,
    });
    onStop(() => pods.stop());
  }
}

/** Removes what pods kept that were removed while no runner was there. */
async function forgetOthers(dir: string, api: CoreV1Api): Promise<void> {
  const kept = join(dir, "pods");
  await mkdir(kept, { recursive: true, mode: 0o700 });
  const lists = await Promise.all(runnerNamespaces.map((namespace) => api.listNamespacedPod({ namespace })));
  const known = new Set(lists.flatMap(({ items }) => items.map((pod) => podDirectory(dir, pod))));
  const forgotten = (await readdir(kept)).map((name) => join(kept, name)).filter((directory) => !known.has(directory));
  await Promise.all(forgotten.map((directory) => rm(directory, { recursive: true, force: true })));
}

function clusterOf(config: KubeConfig): PodHost["cluster"] {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("The kubeconfig names no current cluster.");
  const ca =
    cluster.caData === undefined
      ? readFileSync(cluster.caFile ?? "", "utf8")
      : Buffer.from(cluster.caData, "base64").toString("utf8");
  return { name: cluster.name, server: cluster.server, ca };
}
