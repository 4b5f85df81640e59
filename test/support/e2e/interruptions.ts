import { setTimeout as delay } from "node:timers/promises";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import type { KubernetesClients } from "./kubernetes-clients.js";

/** Milliseconds between two looks. */
const AGAIN_MS = 200;

/**
 * Looks at the workloads of namespaces again and again, and notes each interruption: a Deployment or pod that is another
 * one than at first, that is gone, new, not ready, or was restarted.
 */
export class InterruptionProbe {
  readonly #found = new Set<string>();
  readonly #loop: Promise<void>;
  #isEnded = false;
  #looks = 0;

  private constructor(
    private readonly kubernetes: KubernetesClients,
    private readonly namespaces: readonly string[],
    private readonly first: ReadonlyMap<string, string>,
  ) {
    this.#loop = this.#look();
  }

  /** Begins with the workloads as they are. @throws when one of them is not ready, or a namespace has none */
  static async start(kubernetes: KubernetesClients, namespaces: readonly string[]): Promise<InterruptionProbe> {
    const first = await workloads(kubernetes, namespaces);
    for (const namespace of namespaces) {
      const own = [...first].filter(([name]) => name.startsWith(`Pod ${namespace}/`));
      if (own.length === 0 || own.some(([, state]) => !state.endsWith(READY))) {
        throw new Error(`the workloads of ${namespace} do not run: ${JSON.stringify([...first])}`);
      }
    }
    return new InterruptionProbe(kubernetes, namespaces, first);
  }

  /** Ends the looks. @returns their number, and every interruption */
  async end(): Promise<{ readonly looks: number; readonly interruptions: readonly string[] }> {
    this.#isEnded = true;
    await this.#loop;
    return { looks: this.#looks, interruptions: [...this.#found] };
  }

  async #look(): Promise<void> {
    while (!this.#isEnded) {
      try {
        const now = await workloads(this.kubernetes, this.namespaces);
        this.#looks += 1;
        for (const name of new Set([...this.first.keys(), ...now.keys()])) {
          const [before, after] = [this.first.get(name) ?? "did not exist", now.get(name) ?? "is gone"];
          if (before !== after) this.#found.add(`${name}: ${before} -> ${after}`);
        }
      } catch (error) {
        this.#found.add(`the API server did not answer: ${String(error)}`);
      }
      await delay(AGAIN_MS);
    }
  }
}

const READY = "ready";

/** The workloads of namespaces, each with its identity and its readiness. */
async function workloads(kubernetes: KubernetesClients, namespaces: readonly string[]) {
  const [apps, core] = [kubernetes.client(AppsV1Api), kubernetes.client(CoreV1Api)];
  const found = namespaces.map(async (namespace): Promise<[string, string][]> => {
    const [deployments, pods] = await Promise.all([
      apps.listNamespacedDeployment({ namespace }),
      core.listNamespacedPod({ namespace }),
    ]);
    return [
      ...deployments.items.map(({ metadata, spec, status }): [string, string] => {
        const isReady = (status?.availableReplicas ?? 0) >= (spec?.replicas ?? 1);
        return [`Deployment ${namespace}/${metadata?.name}`, `${metadata?.uid} ${isReady ? READY : "not available"}`];
      }),
      ...pods.items.map(({ metadata, status }): [string, string] => {
        const isReady = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
        const restarts = (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
        const state = isReady && metadata?.deletionTimestamp === undefined ? READY : "not ready";
        return [`Pod ${namespace}/${metadata?.name}`, `${metadata?.uid} restarts ${restarts} ${state}`];
      }),
    ];
  });
  return new Map((await Promise.all(found)).flat());
}
