import { existsSync } from "node:fs";
import { join } from "node:path";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { UnsupportedPod } from "./unsupported-pod.js";

/** A flag with an address that a controller listens on. */
export interface Listener {
  readonly flag: string;
  /** Port when the flag is not given, as in the controller's source. */
  readonly port: number;
}

/** Facts about a controller that its Deployment lacks. */
export interface Controller {
  readonly listeners: readonly Listener[];
  /** Flag and default of the directory it keeps things in; `undefined` when it keeps none. */
  readonly storage: { readonly flag: string; readonly path: string } | undefined;
  /** Whether it fetches charts and artifacts from registries. @default false */
  readonly fetches?: boolean;
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
  "image-reflector-controller": { listeners: common, storage: { flag: "storage-path", path: "/data" } },
};

/** The facts about a controller, by its name. */
export function controller(name: string): Controller {
  return particular[name] ?? { listeners: common, storage: undefined };
}

/**
 * The controller that an image holds: the last part of `HOST/fluxcd/NAME:TAG@DIGEST`, whatever the host, so that a
 * mirror works; `undefined` for any other image.
 */
export function controllerOfImage(image: string): string | undefined {
  return /^(?:[^/]+\/)?fluxcd\/([a-z0-9-]+)(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
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
 * @throws UnsupportedPod when any of its containers is not one Flux controller: to leave one out in silence would
 *   make a pod look healthier than it is
 */
export function runnable(pod: V1Pod, bin: string): Runnable {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const [container, ...others] = containers;
  if (container === undefined) throw new Error(`Pod ${pod.metadata?.name} has no container.`);
  const other = initContainers[0] ?? others[0];
  if (other !== undefined) {
    throw notHere(other, "the sandbox runs one container per pod in this namespace, a Flux controller");
  }
  const name = controllerOfImage(container.image ?? "");
  if (name === undefined) throw notHere(container, "the sandbox runs only Flux controllers in this namespace");
  const executable = join(bin, name);
  if (!existsSync(executable)) throw notHere(container, `the sandbox's toolchain has no ${name}`);
  if (container.command !== undefined && container.command.length > 0) {
    throw new UnsupportedPod(
      "CreateContainerConfigError",
      `The sandbox starts ${name} itself and cannot honour the command of container ${container.name}.`,
      container.name,
    );
  }
  return { container, controller: name, executable };
}

function notHere(container: V1Container, why: string): UnsupportedPod {
  return new UnsupportedPod(
    "ImagePullBackOff",
    `Back-off pulling image "${container.image ?? ""}": ${why}.`,
    container.name,
  );
}
