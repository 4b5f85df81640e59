import { existsSync } from "node:fs";
import { join } from "node:path";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { UnsupportedPod } from "./unsupported-pod.js";

/** A flag with an address that a controller listens on. */
export interface Listener {
  readonly flag: string;
  /** Port when the flag is not given, as in the controller's source. */
  readonly port: number;
  /** Whether the flag takes a port without a host: then the process listens on all addresses. @default false */
  readonly isBare?: boolean;
}

/** Facts about a controller that its Deployment lacks. */
export interface Controller {
  readonly listeners: readonly Listener[];
  /** Flag and default of the directory it keeps things in; `undefined` when it keeps none. */
  readonly storage: { readonly flag: string; readonly path: string } | undefined;
  /** Whether it fetches charts and artifacts from registries. @default false */
  readonly fetches?: boolean;
  /** Whether a flag names the namespace of its leader election's lock, so that replicas can elect one here. @default false */
  readonly elects?: boolean;
  /** The program that its Deployment names as command. @default none: the arguments are all in `args` */
  readonly command?: string;
  /** The flag that takes the path of its kubeconfig. @default none: it reads KUBECONFIG */
  readonly kubeconfigFlag?: string;
}

/** Flags that every controller has (`main.go` of each). */
const common: readonly Listener[] = [
  { flag: "metrics-addr", port: 8080 },
  { flag: "health-addr", port: 9440 },
];

/** Flags of `fluxcd/pkg/artifact`, by which artifacts are served to the other controllers. */
const artifacts: Controller = {
  listeners: [...common, { flag: "storage-addr", port: 9090 }],
  storage: { flag: "storage-path", path: "/data" },
};

const particular: Readonly<Record<string, Controller>> = {
  "source-controller": { ...artifacts, fetches: true },
  "source-watcher": artifacts,
  // The only controller whose --events-addr is where it listens, not where it sends to.
  "notification-controller": {
    listeners: [...common, { flag: "events-addr", port: 9090 }, { flag: "receiverAddr", port: 9292 }],
    storage: undefined,
  },
  // The mains of cert-manager's three are ours (toolchain/cert-manager), with upstream's flags.
  "cert-manager-controller": {
    listeners: [
      { flag: "metrics-listen-address", port: 9402 },
      { flag: "internal-healthz-listen-address", port: 9403 },
    ],
    storage: undefined,
    elects: true,
  },
  "cert-manager-cainjector": {
    listeners: [{ flag: "metrics-listen-address", port: 9402 }],
    storage: undefined,
    elects: true,
  },
  "cert-manager-webhook": {
    listeners: [
      { flag: "secure-port", port: 6443, isBare: true },
      { flag: "healthz-port", port: 6080, isBare: true },
      { flag: "metrics-listen-address", port: 9402 },
    ],
    storage: undefined,
  },
  // Its main is ours as well (toolchain/flagger), with the flags that its chart sets.
  flagger: {
    listeners: [{ flag: "port", port: 8080, isBare: true }],
    storage: undefined,
    elects: true,
    command: "./flagger",
    kubeconfigFlag: "kubeconfig",
  },
  "image-reflector-controller": { listeners: common, storage: { flag: "storage-path", path: "/data" } },
};

/** The facts about a controller, by its name. */
export function controller(name: string): Controller {
  return particular[name] ?? { listeners: common, storage: undefined };
}

/**
 * The controller that an image holds: the last part of `HOST/fluxcd/NAME:TAG@DIGEST` (Flux, Flagger) or `HOST/jetstack/…`
 * (cert-manager), whatever the host, so that a mirror works; `undefined` for any other image.
 */
export function controllerOfImage(image: string): string | undefined {
  return /^(?:[^/]+\/)?(?:fluxcd|jetstack)\/([a-z0-9-]+)(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
}

/**
 * The program for an image: that of its tag, `NAME-vX.Y.Z`, where the toolchain has it, and else the one of the release that
 * the toolchain builds. So the tests of upgrades run two versions.
 */
function executableOf(name: string, image: string, bin: string): string {
  const tag = /:(v[\w.-]+)(?:@|$)/.exec(image)?.[1];
  const ofTag = join(bin, `${name}-${tag}`);
  return tag !== undefined && existsSync(ofTag) ? ofTag : join(bin, name);
}

/** The controller that a pod asks for and `bin` lacks; `undefined` when there is none. */
export function missingController(pod: V1Pod, bin: string): string | undefined {
  const name = controllerOfImage(pod.spec?.containers[0]?.image ?? "");
  return name === undefined || existsSync(join(bin, name)) ? undefined : name;
}

/** The one container of a pod that the runner runs, and the executable for it. */
export interface Runnable {
  readonly container: V1Container;
  readonly controller: string;
  readonly executable: string;
}

/**
 * Finds what to run for a pod.
 * @throws UnsupportedPod when any of its containers is not one controller: to leave one out in silence would
 *   make a pod look healthier than it is
 */
export function runnable(pod: V1Pod, bin: string): Runnable {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const [container, ...others] = containers;
  if (container === undefined) throw new Error(`Pod ${pod.metadata?.name} has no container.`);
  const other = initContainers[0] ?? others[0];
  if (other !== undefined) {
    throw notHere(other, "the sandbox runs one container per pod in this namespace, a controller");
  }
  const name = controllerOfImage(container.image ?? "");
  if (name === undefined) throw notHere(container, "the sandbox runs only controllers that it has in this namespace");
  const executable = executableOf(name, container.image ?? "", bin);
  if (!existsSync(executable)) throw notHere(container, `the sandbox's toolchain has no ${name}`);
  const [command, ...commandArgs] = container.command ?? [];
  if (command !== undefined && command !== controller(name).command) {
    throw new UnsupportedPod(
      "CreateContainerConfigError",
      `The sandbox starts ${name} itself and cannot honour the command of container ${container.name}.`,
      container.name,
    );
  }
  if (command === undefined) return { container, controller: name, executable };
  const args = [...commandArgs, ...(container.args ?? [])];
  return { container: { ...container, args: args.map(longFlag) }, controller: name, executable };
}

/** Go's own flags may have one dash; the runner looks for two. */
function longFlag(arg: string): string {
  return /^-[a-z]/.test(arg) ? `-${arg}` : arg;
}

function notHere(container: V1Container, why: string): UnsupportedPod {
  return new UnsupportedPod(
    "ImagePullBackOff",
    `Back-off pulling image "${container.image ?? ""}": ${why}.`,
    container.name,
  );
}
