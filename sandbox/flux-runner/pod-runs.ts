import type { V1Pod } from "@kubernetes/client-node";
import { nodeName } from "../control-plane/node.js";
import { sleep } from "../lib/sleep.js";
import { type PodHost, PodRun } from "./pod-run.js";
import { reasonOf } from "./runner-log.js";
import type { Backend } from "./services.js";

/** ms that a controller has to end when the runner stops: helm-controller's own grace period is ten minutes. */
const stopGracePeriodMs = 5000;
/** ms for the pods' last status, and for deletions under way, when the runner stops. */
const finalStatusTimeoutMs = 2000;

/** All pods of the runner, by uid: begun when first seen, ended when deleted. */
export class PodRuns {
  readonly #runs = new Map<string, PodRun>();
  readonly #deletions = new Set<Promise<void>>();
  /** Aborted when not even deletions are waited for any more. */
  readonly #closing = new AbortController();

  /** Begins, or ends, what a pod asks for. */
  seen(pod: V1Pod, host: PodHost): void {
    if (pod.spec?.nodeName !== nodeName) return;
    const uid = pod.metadata?.uid ?? "";
    const run = this.#runs.get(uid);
    if (pod.metadata?.deletionTimestamp !== undefined) {
      const gracePeriodMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
      // A pod that was on its way out before this runner began has no run; it only has to be removed.
      if (run !== undefined) this.#letGo(run, uid, gracePeriodMs, host);
      else this.#await(host.pods.remove(pod, this.#closing.signal), uid, host);
      return;
    }
    const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (run !== undefined || over) return;
    host.log(`pod ${pod.metadata?.name} begins`);
    this.#runs.set(uid, new PodRun(pod, host));
  }

  /** Ends at once what a pod left that was removed by force. */
  gone(pod: V1Pod, host: PodHost): void {
    const uid = pod.metadata?.uid ?? "";
    const run = this.#runs.get(uid);
    if (run !== undefined) this.#letGo(run, uid, 0, host);
  }

  /** Ends every process, but leaves the pods, to run again after the next start. */
  async endAll(): Promise<void> {
    const ending = [...this.#runs.values()];
    await Promise.all(ending.map((run) => run.end(stopGracePeriodMs)));
    await Promise.all(ending.map((run) => run.retire(AbortSignal.timeout(finalStatusTimeoutMs))));
    if (this.#deletions.size > 0) {
      await Promise.race([Promise.all(this.#deletions), sleep(finalStatusTimeoutMs, this.#closing.signal)]);
    }
    this.#closing.abort();
    await Promise.all(this.#deletions);
  }

  /** The processes that run now. */
  processes(): { readonly name: string; readonly pid: number }[] {
    return [...this.#runs.values()].flatMap((run) => run.process ?? []);
  }

  /** The pods that are ready now. */
  backends(): Backend[] {
    return [...this.#runs.values()].flatMap((run) => run.backend ?? []);
  }

  /** The log of a pod; `undefined` when it does not run here. */
  logFile(pod: { namespace: string; name: string; previous: boolean }): string | undefined {
    const run = [...this.#runs.values()].find(
      (candidate) => candidate.name === pod.name && candidate.namespace === pod.namespace,
    );
    return pod.previous ? run?.previousLogFile : run?.logFile;
  }

  #letGo(run: PodRun, uid: string, gracePeriodMs: number, host: PodHost): void {
    const deletion = run.delete(gracePeriodMs, this.#closing.signal).finally(() => this.#runs.delete(uid));
    this.#await(deletion, uid, host);
  }

  #await(work: Promise<void>, uid: string, host: PodHost): void {
    const deletion = work
      .catch((error: unknown) => host.log(`deletion of pod ${uid} failed: ${reasonOf(error)}`))
      .finally(() => this.#deletions.delete(deletion));
    this.#deletions.add(deletion);
  }
}
