import { mkdir, rename, rm } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import getPort from "get-port";
import { Backoff } from "../lib/backoff.js";
import { sleep } from "../lib/sleep.js";
import { type Child, type ChildExit, startChild } from "../process/child.js";
import type { Egress } from "../registry/egress.js";
import type { NodeSize } from "./container-environment.js";
import { missingController, type Runnable, runnable } from "./controllers.js";
import { containerPorts, invocation } from "./invocation.js";
import { withinMemoryLimit } from "./memory-limit.js";
import type { PodApi } from "./pod-api.js";
import { type Cluster, provideIdentity } from "./pod-identity.js";
import { type ContainerView, crashLoop, type Ended, lastLogLines } from "./pod-status.js";
import { ask, type ReadinessProbe, readinessProbe } from "./readiness-probe.js";
import { watchReadiness } from "./readiness-watch.js";
import { type Log, reasonOf } from "./runner-log.js";
import { artifactService, type Backend, type ServiceAddresses } from "./services.js";
import { UnsupportedPod } from "./unsupported-pod.js";

/** The dependencies that all pods of a runner share. */
export interface PodHost {
  readonly api: CoreV1Api;
  readonly pods: PodApi;
  /** Directory of the controllers' executables. */
  readonly bin: string;
  /** Puts the executable of a controller there that it lacks, if the sandbox has such a controller. */
  readonly build: (controller: string) => Promise<void>;
  /** State of the runner. */
  readonly dir: string;
  readonly cluster: Cluster;
  readonly services: ServiceAddresses;
  readonly node: NodeSize;
  /** The way to registries. @default - the machine's own */
  readonly egress?: Egress;
  readonly log: Log;
  /** Told whenever a process starts or ends. */
  readonly changed: () => void;
}

/** The first and the longest delay before a process that ended is started again, in ms. */
const firstDelay = 1000;
const longestDelay = 60_000;

/** One pod of the Flux runner: a process that is kept running for as long as the pod lives. */
export class PodRun {
  readonly #pod: V1Pod;
  readonly #host: PodHost;
  readonly #end = new AbortController();
  readonly #life: Promise<void>;
  readonly #dir: string;
  #gracePeriodMs = 0;
  #child: Child | undefined;
  #ready = false;
  #ports: ReadonlyMap<number, number> = new Map();
  #restarts: number;
  #last: Ended | undefined;

  constructor(pod: V1Pod, host: PodHost) {
    this.#pod = pod;
    this.#host = host;
    this.#dir = podDirectory(host.dir, pod);
    const before = pod.status?.containerStatuses?.[0];
    // A pod that ran before this runner did is restarted, as after a reboot of its node.
    this.#restarts = before === undefined ? 0 : before.restartCount + (before.state?.running === undefined ? 0 : 1);
    this.#life = this.#live();
  }

  /** Name of the pod. */
  get name(): string {
    return this.#pod.metadata?.name ?? "";
  }

  /** Namespace of the pod. */
  get namespace(): string {
    return this.#pod.metadata?.namespace ?? "";
  }

  /** Process id, while there is a process. */
  get process(): { readonly name: string; readonly pid: number } | undefined {
    if (this.#child === undefined || this.#child.exit !== undefined) return undefined;
    return { name: this.#child.spec.name, pid: this.#child.pid };
  }

  /** The pod and its ports, while it is ready. */
  get backend(): Backend | undefined {
    return this.#ready ? { pod: this.#pod, ports: this.#ports } : undefined;
  }

  /** File that the process writes its log to. */
  get logFile(): string {
    return join(this.#dir, "current.log");
  }

  /** Log of the process before this one, if there was one. */
  get previousLogFile(): string {
    return join(this.#dir, "previous.log");
  }

  /**
   * Ends the process for good.
   * @param gracePeriodMs ms between SIGTERM and SIGKILL
   */
  async end(gracePeriodMs: number): Promise<void> {
    this.#ready = false;
    if (!this.#end.signal.aborted) {
      this.#gracePeriodMs = gracePeriodMs;
      this.#end.abort();
    } else if (gracePeriodMs < this.#gracePeriodMs) {
      // A second deletion with a shorter grace period, as by `kubectl delete --force`.
      this.#gracePeriodMs = gracePeriodMs;
      void this.#child?.stop(gracePeriodMs);
    }
    await this.#life;
  }

  /**
   * Ends the process because the pod is being deleted, then removes the pod and what it kept.
   * @param signal aborted when the runner goes, and the next one has to remove the pod
   */
  async delete(gracePeriodMs: number, signal: AbortSignal): Promise<void> {
    await this.end(gracePeriodMs);
    await this.#host.pods.remove(this.#pod, signal);
    await rm(this.#dir, { recursive: true, force: true });
  }

  /** Reports the pod as not ready, before the runner stops. It does not wait for a server that is away. */
  async retire(signal: AbortSignal): Promise<void> {
    // The next process will be one more restart, which the next runner could not tell from a waiting container.
    if (this.#child !== undefined) this.#restarts += 1;
    await this.#host.pods.report(this.#pod, this.#waiting("ContainerCreating", "the sandbox is stopped"), signal);
  }

  /** Keeps trying until the pod ends or turns out to be none that can run here. */
  async #live(): Promise<void> {
    const { signal } = this.#end;
    const backoff = new Backoff(firstDelay, longestDelay);
    while (!signal.aborted) {
      const attempt = new AbortController();
      try {
        await this.#keepRunning(AbortSignal.any([signal, attempt.signal]));
      } catch (error) {
        this.#host.log(`${this.name}: cannot run: ${reasonOf(error)}`);
        const unsupported = error instanceof UnsupportedPod ? error : undefined;
        const reason = unsupported?.reason ?? "CreateContainerError";
        await this.#report(this.#waiting(reason, reasonOf(error), unsupported?.container));
        if (unsupported !== undefined) return;
        await sleep(backoff.next(), signal);
      } finally {
        // The renewal of the token ends with the attempt; the next one begins its own.
        attempt.abort();
      }
    }
  }

  /** Runs the process, again and again, until the pod ends. @throws when it cannot even be started */
  async #keepRunning(signal: AbortSignal): Promise<void> {
    await this.#buildMissing(signal);
    if (signal.aborted) return;
    const what = runnable(this.#pod, this.#host.bin);
    const probe = readinessProbe(what.container);
    await this.#report(this.#waiting("ContainerCreating", ""));
    const failed = (line: string): void => {
      this.#host.log(line);
      void this.#report(this.#waiting("ContainerCreating", line));
    };
    const { api, cluster } = this.#host;
    const config = await provideIdentity(api, cluster, this.#pod, this.#dir, failed, signal);
    const backoff = new Backoff(firstDelay, longestDelay);
    while (!signal.aborted) {
      const ended = await this.#runOnce(what, config, probe);
      if (signal.aborted) return;
      // A process that ran well for a while is restarted soon.
      if (Date.parse(ended.finishedAt) - Date.parse(ended.startedAt) > longestDelay) backoff.reset();
      const delay = backoff.next();
      this.#last = ended;
      this.#host.log(`${this.name}: ended with exit code ${ended.exitCode}, restarted in ${delay} ms`);
      const state = crashLoop(what.container.name, delay, ended);
      await this.#report({ state, restarts: this.#restarts, last: ended });
      await sleep(delay, signal);
      this.#restarts += 1;
    }
  }

  /** Builds the controller where it is missing, as a kubelet would pull its image. */
  async #buildMissing(signal: AbortSignal): Promise<void> {
    const missing = missingController(this.#pod, this.#host.bin);
    if (missing === undefined) return;
    await this.#report(this.#waiting("ContainerCreating", `The sandbox builds ${missing}.`));
    const ended = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    // A pod that is deleted does not wait for the build, which goes on for the next one.
    await Promise.race([this.#host.build(missing), ended]);
  }

  /** Starts the process of a controller. */
  async #start(what: Runnable, config: string | undefined): Promise<Child> {
    const { node, egress } = this.#host;
    const services = await this.#host.services.with(artifactService(what.container.args ?? []));
    this.#ports = await localPorts(containerPorts(what.controller, this.#pod, what.container, node));
    const around = {
      ...{ dir: this.#dir, kubeconfig: config, ports: this.#ports, services, node, gogc: process.env.GOGC },
      ...(egress === undefined ? {} : { egress }),
    };
    const { args, env, directories } = invocation(what.controller, this.#pod, what.container, around);
    for (const directory of directories) await mkdir(directory, { recursive: true, mode: 0o700 });
    await rename(this.logFile, this.previousLogFile).catch(ignoreMissing);
    return await startChild({
      name: this.name,
      ...withinMemoryLimit(what.container, what.executable, args),
      env,
      cwd: this.#dir,
      log: this.logFile,
    });
  }

  /** Runs the process until it ends, by itself or because the pod does. */
  async #runOnce(what: Runnable, config: string | undefined, probe: ReadinessProbe | undefined): Promise<Ended> {
    const child = await this.#start(what, config);
    this.#child = child;
    this.#host.changed();
    const stop = () => void child.stop(this.#gracePeriodMs);
    this.#end.signal.addEventListener("abort", stop, { once: true });
    if (this.#end.signal.aborted) stop();

    const startedAt = new Date(child.startedAt).toISOString();
    const gone = new AbortController();
    const port = probe === undefined ? undefined : this.#ports.get(probe.port);
    const watching = watchReadiness({
      probe,
      // A probe of a port that nothing listens on never succeeds.
      ask: async () => probe !== undefined && port !== undefined && (await ask(port, probe.path, probe.timeout)),
      tell: async (ready) => {
        this.#ready = ready && !this.#end.signal.aborted;
        const state = { kind: "running", startedAt, ready: this.#ready } as const;
        await this.#report({ state, restarts: this.#restarts, last: this.#last }, gone.signal);
      },
      gone: gone.signal,
    });
    const exit = await child.exited;
    this.#end.signal.removeEventListener("abort", stop);
    gone.abort();
    this.#ready = false;
    await watching;
    this.#host.changed();
    return {
      ...exitOf(exit),
      startedAt,
      finishedAt: new Date().toISOString(),
      message: lastLogLines(child.lastLines(200)),
    };
  }

  async #report(view: ContainerView, gone?: AbortSignal): Promise<void> {
    const signals = gone === undefined ? [this.#end.signal] : [this.#end.signal, gone];
    await this.#host.pods.report(this.#pod, view, AbortSignal.any(signals));
  }

  #waiting(reason: string, message: string, container?: string): ContainerView {
    const state = { kind: "waiting", reason, message, ...(container === undefined ? {} : { container }) } as const;
    return { state, restarts: this.#restarts, last: this.#last };
  }
}

/** Directory of what a pod keeps: its volumes, token and logs. */
export function podDirectory(dir: string, pod: V1Pod): string {
  return join(dir, "pods", `${pod.metadata?.name}_${pod.metadata?.uid}`);
}

/** The code of an exit. A process that a signal ended has 128 and the signal's number, as in a shell. */
function exitOf({ code, signal: name }: ChildExit): Pick<Ended, "exitCode" | "signal"> {
  const signal = name === null ? 0 : constants.signals[name];
  return { exitCode: code ?? 128 + signal, signal };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function localPorts(ports: readonly number[]): Promise<Map<number, number>> {
  const local = new Map<number, number>();
  for (const port of ports) {
    local.set(port, await getPort({ host: "127.0.0.1", exclude: [...local.values()] }));
  }
  return local;
}
