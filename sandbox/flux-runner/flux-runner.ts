import { readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { CoreV1Api, type KubeConfig, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { loadKubeconfig } from "../control-plane/bootstrap.js";
import { runnerNamespace } from "../control-plane/node.js";
import { endOrphans, ProcessRegistry } from "../process/orphans.js";
import { startInformer } from "./informer.js";
import { startKubeletServer } from "./kubelet-server.js";
import { PodApi } from "./pod-api.js";
import { type PodHost, podDirectory } from "./pod-run.js";
import { PodRuns } from "./pod-runs.js";
import { fileLog, reasonOf } from "./runner-log.js";
import type { ServiceProxy } from "./service-proxy.js";
import { backendPort, startServiceProxies } from "./services.js";

/** Which cluster's controllers run, from which executables, and where their data lives. */
export interface FluxRunnerArgs {
  /** Kubeconfig of someone who may play the kubelet: read pods, write their status, request tokens, remove them. */
  readonly kubeconfig: string;
  /** Directory of the Flux controllers' executables. */
  readonly bin: string;
  /** Where the pods' volumes, tokens and logs live. Started again with the same directory, pods keep their volumes. */
  readonly dir: string;
}

/** The kubelet of the Flux controllers' pods. */
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
 * Runs the Flux controllers as local processes: whatever Deployments create in `flux-system`, with their arguments,
 * their environment and as their own service accounts.
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

/** @param onStop takes what must be done when the runner stops, or its start fails: last in, first out */
async function start(
  args: FluxRunnerArgs,
  onStop: (step: () => Promise<void>) => void,
  stop: () => Promise<void>,
): Promise<FluxRunner> {
  const processes = join(args.dir, "processes.json");
  await endOrphans(processes);
  const log = fileLog(join(args.dir, "logs", "flux-runner.log"));
  const config = loadKubeconfig(args.kubeconfig);
  const cluster = clusterOf(config);
  const api = config.makeApiClient(CoreV1Api);
  const runs = new PodRuns();

  const services = await startInformer<V1Service>({
    config,
    path: `/api/v1/namespaces/${runnerNamespace}/services`,
    list: () => api.listNamespacedService({ namespace: runnerNamespace }),
    log,
  });
  onStop(() => services.stop());
  const proxies = await startServiceProxies(args.dir, (name) => {
    const service = services.list().find((candidate) => candidate.metadata?.name === name);
    return backendPort(service, runs.backends());
  });
  onStop(() => stopAll(proxies.values()));

  const registry = new ProcessRegistry(processes, () => runs.processes());
  onStop(() => registry.update());
  const host: PodHost = {
    api,
    pods: new PodApi(api, log),
    bin: args.bin,
    dir: args.dir,
    cluster,
    services: new Map([...proxies].map(([name, { port }]) => [name, `127.0.0.1:${port}`])),
    node: { cpu: availableParallelism(), memory: totalmem() },
    log,
    changed: () => {
      registry.update().catch((error: unknown) => log(`cannot record processes: ${reasonOf(error)}`));
    },
  };
  const server = await startKubeletServer(cluster.ca, (pod) => runs.logFile(pod));
  onStop(() => server.stop());
  await host.pods.announceServer(server.port, AbortSignal.timeout(timeoutMs));

  await forgetOthers(args.dir, api);
  onStop(() => runs.endAll());
  const pods = await startInformer<V1Pod>({
    config,
    path: `/api/v1/namespaces/${runnerNamespace}/pods`,
    list: () => api.listNamespacedPod({ namespace: runnerNamespace }),
    changed: (pod) => runs.seen(pod, host),
    gone: (pod) => runs.gone(pod, host),
    log,
  });
  onStop(() => pods.stop());

  return {
    pids: () => runs.processes().map(({ pid }) => pid),
    receiverUrl: `http://${host.services.get("webhook-receiver")}/`,
    stop,
  };
}

/** Removes what pods kept that were removed while no runner was there. */
async function forgetOthers(dir: string, api: CoreV1Api): Promise<void> {
  const kept = join(dir, "pods");
  await mkdir(kept, { recursive: true, mode: 0o700 });
  const { items } = await api.listNamespacedPod({ namespace: runnerNamespace });
  const known = new Set(items.map((pod) => podDirectory(dir, pod)));
  const forgotten = (await readdir(kept)).map((name) => join(kept, name)).filter((directory) => !known.has(directory));
  await Promise.all(forgotten.map((directory) => rm(directory, { recursive: true, force: true })));
}

async function stopAll(proxies: Iterable<ServiceProxy>): Promise<void> {
  await Promise.all([...proxies].map((proxy) => proxy.stop()));
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
