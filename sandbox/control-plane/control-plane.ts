import { join } from "node:path";
import { writePrivateFile } from "../lib/private-file.js";
import type { ChildSpec } from "../process/child.js";
import { endOrphans } from "../process/orphans.js";
import { choosePorts } from "../process/ports.js";
import { waitUntil } from "../process/readiness.js";
import { ChildFailure, Supervisor } from "../process/supervisor.js";
import { answersOk } from "./answers-ok.js";
import { apiserverArgs } from "./apiserver.js";
import { bootstrap, clusterIsReady, loadKubeconfig } from "./bootstrap.js";
import { controllerManagerArgs } from "./controller-manager.js";
import { egressSelectorConfig } from "./egress-selector.js";
import { etcdArgs } from "./etcd.js";
import { kubeconfig } from "./kubeconfig.js";
import { kwokArgs, kwokConfig } from "./kwok.js";
import { type ClientName, type Pki, preparePki } from "./pki.js";
import { schedulerArgs } from "./scheduler.js";

/** Where a control plane lives and what it is called. */
export interface ControlPlaneArgs {
  /** Where its data, keys and logs live. Started again with the same directory, it is the same cluster. */
  readonly dir: string;
  /** Directory of etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok. */
  readonly bin: string;
  /** Name of the cluster in kubeconfigs. */
  readonly name: string;
  /** Path of the socket of the proxy by which the API server reaches Services and the node. @default none: it reaches the node alone */
  readonly serviceProxy?: string;
}

/** A running control plane with one node. Its processes are children of this one. */
export interface ControlPlane {
  /** Path of the kubeconfig of a cluster administrator. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
  /** Path of the PEM of the authority that signed the API server's certificate. */
  readonly ca: string;
  /** Process ids of what runs now. */
  pids(): number[];
  /** Ends everything, in order, and waits for it. Calling it again does nothing more. */
  stop(): Promise<void>;
}

type PortName = "apiserver" | "etcd" | "etcd-peer";
type Ports = Record<PortName, number>;

/** How often a start is tried when another process takes a port that was free a moment before. */
const attempts = 5;
/** ms that a component has to end after SIGTERM. The API server needs about two seconds. */
const gracePeriodMs = 10_000;
/** ms that a start may take. A start takes five seconds; a busy build machine is much slower. */
const timeoutMs = 120_000;

/**
 * Starts a Kubernetes control plane on loopback ports and waits until it can be used: the API server is ready, the
 * controllers have made the default service accounts, the node takes pods.
 * @throws ChildFailure when a component ends; an Error that names what did not become ready
 */
export async function startControlPlane(args: ControlPlaneArgs): Promise<ControlPlane> {
  const processes = join(args.dir, "processes.json");
  await endOrphans(processes);
  const pki = await preparePki(join(args.dir, "pki"));
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts<PortName>(join(args.dir, "ports.json"), ["apiserver", "etcd", "etcd-peer"], {
      fresh: attempt > 1,
    });
    const supervisor = new Supervisor(processes);
    try {
      return await start(args, pki, ports, supervisor);
    } catch (error) {
      await supervisor.stop(gracePeriodMs);
      if (error instanceof ChildFailure && error.lostPort && attempt < attempts) continue;
      throw error;
    }
  }
}

async function start(args: ControlPlaneArgs, pki: Pki, ports: Ports, supervisor: Supervisor): Promise<ControlPlane> {
  const server = `https://127.0.0.1:${ports.apiserver}`;
  const files = await writeConfigs(args, pki, server);
  const admin = loadKubeconfig(files.admin);
  const { failed } = supervisor;

  await supervisor.start(
    component(args, "etcd", etcdArgs({ ...args, pki, clientPort: ports.etcd, peerPort: ports["etcd-peer"] })),
  );
  await supervisor.start(
    component(
      args,
      "kube-apiserver",
      apiserverArgs({ pki, port: ports.apiserver, etcdPort: ports.etcd, ...(await writeEgressSelector(args)) }),
    ),
  );
  await waitUntil(() => answersOk(`${server}/readyz`, pki.ca.pem, pki.clients.admin), {
    what: `kube-apiserver (log: ${logFile(args, "kube-apiserver")})`,
    timeout: timeoutMs,
    failed,
  });

  await supervisor.start(
    component(args, "kube-controller-manager", controllerManagerArgs({ kubeconfig: files["controller-manager"], pki })),
  );
  await supervisor.start(component(args, "kube-scheduler", schedulerArgs({ kubeconfig: files.scheduler })));
  await bootstrap(admin);
  await supervisor.start(component(args, "kwok", kwokArgs({ kubeconfig: files.kwok, config: files.kwokConfig })));
  await waitUntil(() => clusterIsReady(admin), {
    what: `The cluster (default service accounts by kube-controller-manager, node by kwok; logs: ${join(args.dir, "logs")})`,
    timeout: timeoutMs,
    failed,
  });

  supervisor.guard();
  return {
    kubeconfig: files.admin,
    server,
    ca: pki.ca.path,
    pids: () => supervisor.pids(),
    stop: () => supervisor.stop(gracePeriodMs),
  };
}

/** Writes the kubeconfig of every user, and kwok's configuration; answers with the paths. */
async function writeConfigs(
  args: ControlPlaneArgs,
  pki: Pki,
  server: string,
): Promise<Record<ClientName | "kwokConfig", string>> {
  const write = async (client: ClientName, path: string): Promise<string> => {
    const credentials = { kind: "certificate", ...pki.clients[client] } as const;
    await writePrivateFile(path, kubeconfig({ name: args.name, server, ca: pki.ca.pem, credentials }));
    return path;
  };
  const internal = (name: ClientName) => join(args.dir, "kubeconfigs", name);
  const kwokConfigFile = join(args.dir, "kwok.yaml");
  await writePrivateFile(kwokConfigFile, kwokConfig());
  return {
    admin: await write("admin", join(args.dir, "kubeconfig")),
    "controller-manager": await write("controller-manager", internal("controller-manager")),
    scheduler: await write("scheduler", internal("scheduler")),
    kwok: await write("kwok", internal("kwok")),
    kwokConfig: kwokConfigFile,
  };
}

/** Writes the API server's way to Services, where there is one; answers with its path. */
async function writeEgressSelector(args: ControlPlaneArgs): Promise<{ readonly egressSelector?: string }> {
  if (args.serviceProxy === undefined) return {};
  const egressSelector = join(args.dir, "egress-selector.yaml");
  await writePrivateFile(egressSelector, egressSelectorConfig(args.serviceProxy));
  return { egressSelector };
}

function component(args: ControlPlaneArgs, name: string, flags: readonly string[]): ChildSpec {
  return {
    name,
    command: join(args.bin, name),
    args: flags,
    env: { HOME: args.dir, GOGC: process.env.GOGC ?? defaultGogc },
    cwd: args.dir,
    log: logFile(args, name),
  };
}

/**
 * How much a heap may grow before it is collected, in percent. Half of Go's default costs some processor time and saves a
 * third of the memory. `GOGC` of the environment takes its place.
 */
const defaultGogc = "50";

function logFile(args: ControlPlaneArgs, name: string): string {
  return join(args.dir, "logs", `${name}.log`);
}
