import { join } from "node:path";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { Egress } from "../registry/egress.js";
import { containerEnvironment, expand, type NodeSize } from "./container-environment.js";
import { controller } from "./controllers.js";
import { dropFlag, flagValue, setFlag } from "./flags.js";
import { artifactService } from "./services.js";
import { UnsupportedPod } from "./unsupported-pod.js";

/** Where a process finds itself, in place of a container. */
export interface Surroundings {
  /** Directory of the pod. */
  readonly dir: string;
  /** Kubeconfig of the pod's service account; `undefined` when the pod wants no token. */
  readonly kubeconfig: string | undefined;
  /** Loopback port for each port that the container would listen on. */
  readonly ports: ReadonlyMap<number, number>;
  /** `HOST:PORT` under which a Service of the namespace is reached, by its name. */
  readonly services: ReadonlyMap<string, string>;
  readonly node: NodeSize;
  /** The way to registries. @default - the machine's own */
  readonly egress?: Pick<Egress, "proxy" | "certificates">;
  /** The variable `GOGC` of a controller whose pod does not set it. @default - Go's own */
  readonly gogc?: string | undefined;
}

/** How to start a process. */
export interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Directories that must exist. */
  readonly directories: readonly string[];
}

/** Where Kubernetes mounts the token of the service account. The runner's kubeconfig takes its place. */
const tokenMount = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The ports that a container listens on, by its flags and the defaults of its controller. A flag that is set to "0"
 * switches its server off.
 */
export function containerPorts(name: string, pod: V1Pod, container: V1Container, node: NodeSize): number[] {
  const args = expandedArgs(container, containerEnvironment(pod, container, node));
  return controller(name).listeners.flatMap(({ flag, port }) => {
    const own = listenPort(flagValue(args, flag), port);
    return own === undefined ? [] : [own];
  });
}

/**
 * How to run a container as a local process: its own arguments and environment, but for
 * - addresses to listen on, which become loopback ports, since all controllers share one machine;
 * - the address that events are sent to, whose name only a cluster's DNS knows;
 * - paths in emptyDir volumes, which become directories of the pod;
 * - leader election of Flux's controllers, which is left out: it takes the namespace of its lock from a file that only a
 *   container has, and a process that was killed would block its successor for the 35 s of the lease.
 *
 * A controller that fetches charts gets the sandbox's registries by `HTTPS_PROXY` and `SSL_CERT_FILE`.
 *
 * The consumers of artifacts get the addresses of the artifact servers by `SOURCE_CONTROLLER_LOCALHOST` and
 * `SOURCE_WATCHER_LOCALHOST`, which kustomize-controller, helm-controller and source-watcher read; the URLs in the
 * status of sources stay those of a cluster.
 * @throws UnsupportedPod
 */
export function invocation(name: string, pod: V1Pod, container: V1Container, around: Surroundings): Invocation {
  const mounts = emptyDirs(pod, container, around.dir);
  const tmp = mounts.get("/tmp") ?? join(around.dir, "tmp");
  const home = join(around.dir, "home");
  const given = containerEnvironment(pod, container, around.node);
  const { listeners, storage, fetches = false, elects = false, kubeconfigFlag } = controller(name);
  const env: Record<string, string> = { HOME: home, TMPDIR: tmp, PATH: "/usr/local/bin:/usr/bin:/bin" };
  if (around.gogc !== undefined) env.GOGC = around.gogc;
  // Go reads the system's authorities from their folder besides. A proxy that the pod names itself comes after it.
  if (fetches && around.egress !== undefined) {
    env.HTTPS_PROXY = around.egress.proxy;
    env.SSL_CERT_FILE = around.egress.certificates;
  }
  for (const [key, value] of Object.entries(given)) env[key] = relocated(value, mounts);
  if (around.kubeconfig !== undefined) env.KUBECONFIG = around.kubeconfig;
  for (const [key, service] of [
    ["SOURCE_CONTROLLER_LOCALHOST", artifactService(expandedArgs(container, given))],
    ["SOURCE_WATCHER_LOCALHOST", "source-watcher"],
  ] as const) {
    const address = around.services.get(service);
    if (address !== undefined) env[key] = address;
  }

  let args = expandedArgs(container, given);
  if (!elects) args = dropFlag(args, "enable-leader-election", { boolean: true });
  if (kubeconfigFlag !== undefined && around.kubeconfig !== undefined) {
    args = setFlag(args, kubeconfigFlag, around.kubeconfig);
  }
  if (storage !== undefined) args = setFlag(args, storage.flag, flagValue(args, storage.flag) ?? storage.path);
  args = args.map((arg) => relocatedFlag(arg, mounts));
  for (const { flag, port, isBare = false } of listeners) {
    const own = listenPort(flagValue(args, flag), port);
    const local = own === undefined ? undefined : around.ports.get(own);
    if (local !== undefined) args = setFlag(args, flag, isBare ? String(local) : `127.0.0.1:${local}`);
  }
  if (!listeners.some(({ flag }) => flag === "events-addr")) args = withLocalEvents(args, around.services);
  return { args, env, directories: [...new Set([home, tmp, ...mounts.values()])] };
}

function expandedArgs(container: V1Container, env: Readonly<Record<string, string>>): string[] {
  return (container.args ?? []).map((arg) => expand(arg, env));
}

/** The port of `HOST:PORT` or `:PORT`; `undefined` when nothing listens. */
function listenPort(address: string | undefined, unset: number): number | undefined {
  if (address === undefined || address === "") return unset;
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** Sends events to the Service's loopback address; the first label of the host is the Service's name. */
function withLocalEvents(args: string[], services: ReadonlyMap<string, string>): string[] {
  const address = flagValue(args, "events-addr");
  if (address === undefined || !URL.canParse(address)) return args;
  const local = services.get(new URL(address).hostname.split(".")[0] ?? "");
  return local === undefined ? args : setFlag(args, "events-addr", `http://${local}/`);
}

/** The directory that takes the place of each emptyDir volume, by its mount path. */
function emptyDirs(pod: V1Pod, container: V1Container, dir: string): Map<string, string> {
  const mounts = new Map<string, string>();
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    if (mountPath === tokenMount) continue;
    const volume = pod.spec?.volumes?.find((candidate) => candidate.name === name);
    if (volume?.emptyDir === undefined) {
      throw new UnsupportedPod(
        "CreateContainerConfigError",
        `The sandbox provides emptyDir volumes only; volume ${name} of container ${container.name} is another kind.`,
        container.name,
      );
    }
    mounts.set(mountPath, join(dir, "volumes", name, subPath ?? ""));
  }
  return mounts;
}

/** A path in a volume becomes the path in its directory; any other text stays. */
function relocated(value: string, mounts: ReadonlyMap<string, string>): string {
  for (const [mountPath, path] of mounts) {
    if (value === mountPath) return path;
    if (value.startsWith(`${mountPath}/`)) return join(path, value.slice(mountPath.length + 1));
  }
  return value;
}

function relocatedFlag(arg: string, mounts: ReadonlyMap<string, string>): string {
  const [, flag = "", value] = /^(--[^=]+=)(.*)$/s.exec(arg) ?? [];
  return value === undefined ? relocated(arg, mounts) : `${flag}${relocated(value, mounts)}`;
}
