import { createHash } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";

/** How the last process of a container ended. */
export interface Ended {
  readonly exitCode: number;
  /** Number of the signal that ended it; 0 when none did. */
  readonly signal: number;
  /** Times in RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The last lines of its log. */
  readonly message: string;
}

/** A moment as the API has it: text in what is written and watched, a Date in what the client has listed. */
type Time = string | Date;

/** The part of a pod's status that the runner owns, as it is sent. */
export interface PodStatus {
  readonly phase: "Pending" | "Running";
  readonly conditions: readonly Condition[];
  readonly hostIP: string;
  readonly hostIPs: readonly { readonly ip: string }[];
  readonly podIP: string;
  readonly podIPs: readonly { readonly ip: string }[];
  readonly startTime: Time;
  readonly containerStatuses: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime: Time;
}

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly restartCount: number;
  readonly ready: boolean;
  readonly started: boolean;
  readonly state:
    | { readonly running: { readonly startedAt: string } }
    | { readonly waiting: { readonly reason: string; readonly message?: string } };
  readonly lastState: { readonly terminated?: Terminated };
}

interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** The state of a pod's container at this moment. */
export interface ContainerView {
  readonly state:
    | { readonly kind: "waiting"; readonly reason: string; readonly message: string; readonly container?: string }
    | { readonly kind: "running"; readonly startedAt: string; readonly ready: boolean };
  /** How often it was started again. */
  readonly restarts: number;
  /** The end before this state, if there was one. */
  readonly last: Ended | undefined;
}

/**
 * The status that a kubelet would write for a pod.
 * @param now RFC 3339; used for what changes with this status, all else keeps its time
 */
export function podStatus(pod: V1Pod, view: ContainerView, nodeIp: string, now: string): PodStatus {
  const { state } = view;
  const running = state.kind === "running";
  const ready = running && state.ready;
  const initFails =
    state.kind === "waiting" && (pod.spec?.initContainers ?? []).some(({ name }) => name === state.container);
  const names = (pod.spec?.containers ?? []).map(({ name }) => name).join(", ");
  const notReady = ready ? {} : { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
  const podIp = addressOf(pod.metadata?.uid ?? "");
  return {
    phase: running || view.last !== undefined ? "Running" : "Pending",
    conditions: mergedConditions(
      pod.status?.conditions ?? [],
      [
        { type: "PodReadyToStartContainers", status: "True" },
        { type: "Initialized", status: initFails ? "False" : "True" },
        { type: "ContainersReady", status: ready ? "True" : "False", ...notReady },
        { type: "Ready", status: ready ? "True" : "False", ...notReady },
      ],
      now,
    ),
    hostIP: nodeIp,
    hostIPs: [{ ip: nodeIp }],
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    startTime: pod.status?.startTime ?? now,
    containerStatuses: statuses(pod.spec?.containers ?? [], view),
    ...((pod.spec?.initContainers ?? []).length === 0
      ? {}
      : { initContainerStatuses: statuses(pod.spec?.initContainers ?? [], view) }),
  };
}

/**
 * An address for a pod, from a range of its own, the same for as long as the pod lives. Nothing listens on it: the
 * processes are on loopback, but an EndpointSlice refuses loopback addresses.
 */
export function addressOf(uid: string): string {
  const hash = createHash("sha256").update(uid).digest();
  return `10.245.${hash.readUInt8(0)}.${1 + (hash.readUInt8(1) % 254)}`;
}

function statuses(containers: readonly { name: string; image?: string }[], view: ContainerView): ContainerStatus[] {
  const { state, last } = view;
  const lastState = last === undefined ? {} : { terminated: terminated(last) };
  return containers.map(({ name, image = "" }) => {
    const base = {
      name,
      image,
      imageID: state.kind === "running" ? image : "",
      restartCount: view.restarts,
      lastState,
    };
    if (state.kind === "running") {
      return { ...base, ready: state.ready, started: true, state: { running: { startedAt: state.startedAt } } };
    }
    // Only the container at fault says why; the others of its pod wait for it.
    const atFault = state.container === undefined || state.container === name;
    const waiting = atFault ? { reason: state.reason, message: state.message } : { reason: "PodInitializing" };
    return { ...base, ready: false, started: false, state: { waiting } };
  });
}

function terminated({ exitCode, signal, message, startedAt, finishedAt }: Ended): Terminated {
  return {
    exitCode,
    ...(signal === 0 ? {} : { signal }),
    reason: exitCode === 0 ? "Completed" : "Error",
    message,
    startedAt,
    finishedAt,
  };
}

/** New conditions over old ones: others, such as PodScheduled, stay, and the time tells the last change of status. */
function mergedConditions(
  old: readonly (Omit<Condition, "lastTransitionTime"> & { readonly lastTransitionTime?: Time })[],
  wanted: readonly Omit<Condition, "lastTransitionTime">[],
  now: string,
): Condition[] {
  const kept = old.filter(({ type }) => !wanted.some((condition) => condition.type === type));
  const all = [...kept, ...wanted.map((condition) => ({ ...condition, lastTransitionTime: undefined }))];
  return all.map((condition) => {
    const before = old.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: condition.lastTransitionTime ?? since ?? now };
  });
}

/**
 * The last log lines of a process, for its pod's status: the end of its log, without the list of all flags that
 * a controller prints when it refuses one. At most 2 KiB, the most that a kubelet takes.
 */
export function lastLogLines(log: string): string {
  const lines = log.split("\n").filter((line) => !/^\s+(-\w, )?--[\w-]+/.test(line) && !line.startsWith("Usage of "));
  return [...new Set(lines.slice(-10))].join("\n").slice(-2048);
}

/** The back-off that a container waits with after its process ended, in the kubelet's words, with the log's end. */
export function crashLoop(container: string, pauseMs: number, ended: Ended): ContainerView["state"] {
  const seconds = Math.round(pauseMs / 1000);
  return {
    kind: "waiting",
    reason: "CrashLoopBackOff",
    message: `back-off ${seconds}s restarting failed container ${container}, exit code ${ended.exitCode}:\n${ended.message}`,
  };
}
