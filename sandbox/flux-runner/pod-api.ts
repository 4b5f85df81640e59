import { type CoreV1Api, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { nodeIp, nodeName } from "../control-plane/node.js";
import { type ContainerView, podStatus } from "./pod-status.js";
import { retry } from "./retry.js";
import type { Log } from "./runner-log.js";

/** The kubelet's calls of the API server about its pods. */
export class PodApi {
  readonly #api: CoreV1Api;
  readonly #log: Log;

  constructor(api: CoreV1Api, log: Log) {
    this.#api = api;
    this.#log = log;
  }

  /** Writes the status of a pod. The uid in the patch keeps it from a later pod of the same name. */
  async report(pod: V1Pod, view: ContainerView, signal: AbortSignal): Promise<void> {
    const { name = "", namespace = "", uid = "" } = pod.metadata ?? {};
    const status = podStatus(pod, view, nodeIp, new Date().toISOString());
    const body = { metadata: { uid }, status };
    const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const write = () => this.#api.patchNamespacedPodStatus({ name, namespace, body }, options);
    const written = await retry(`status of pod ${name}`, write, this.#log, signal);
    // Later statuses keep the times of this one.
    if (written?.status !== undefined) pod.status = written.status;
  }

  /** Says on which port of the node logs can be asked for. */
  async announceServer(port: number, signal: AbortSignal): Promise<void> {
    const body = { status: { daemonEndpoints: { kubeletEndpoint: { Port: port } } } };
    const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const write = () => this.#api.patchNodeStatus({ name: nodeName, body }, options);
    await retry("port of the node's log server", write, this.#log, signal);
  }

  /** Removes a pod whose process is gone: the last act of a graceful deletion. */
  async remove(pod: V1Pod, signal: AbortSignal): Promise<void> {
    const { name = "", namespace = "", uid = "" } = pod.metadata ?? {};
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    const remove = () => this.#api.deleteNamespacedPod({ name, namespace, body });
    await retry(`removal of pod ${name}`, remove, this.#log, signal);
  }
}
