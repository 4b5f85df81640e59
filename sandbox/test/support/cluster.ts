import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api, type KubeConfig, type V1Deployment } from "@kubernetes/client-node";
import { KeepAliveConfig } from "../../control-plane/keep-alive-config.js";
import { processStart } from "../../process/orphans.js";
import { waitUntil } from "../../process/readiness.js";
import { removedWithHost } from "./removed-with-host.js";

/** ms that anything in these tests may take; what takes longer will never come. */
export const timeoutMs = 60_000;

/** A temporary directory, and how to remove it. It goes with this process, whatever ends that. */
export async function temporary(): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "fleet-e2e-"));
  const remove = await removedWithHost(dir);
  return {
    dir,
    async remove() {
      await rm(dir, { recursive: true, force: true });
      await remove();
    },
  };
}

/** A process that can be recognised later, even when its number has been given to another. */
export interface StartedProcess {
  readonly pid: number;
  readonly started: string | undefined;
}

/** These processes as they are now. */
export function started(pids: readonly number[]): StartedProcess[] {
  return pids.map((pid) => ({ pid, started: processStart(pid) }));
}

/** Whether it is still the same process. */
export function runs({ pid, started }: StartedProcess): boolean {
  return started !== undefined && processStart(pid) === started;
}

/** A Deployment of one container. */
export function deployment(
  name: string,
  container: { image: string; [field: string]: unknown },
  more: object = {},
): V1Deployment {
  const labels = { app: name };
  return {
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "manager", ...container }], ...more } },
    },
  };
}

/** The first answer that is no error. */
export async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  let answers: T[] = [];
  await waitUntil(
    async () => {
      answers = [await ask()];
      return true;
    },
    { what: "The API server", timeout: timeoutMs },
  );
  const [answer] = answers;
  if (answer === undefined) throw new Error("there was no answer");
  return answer;
}

/** Waits until a Deployment's newest version is what runs and is available, and nothing else. */
export function rolledOut(config: KubeConfig, namespace: string, name: string): Promise<void> {
  const api = config.makeApiClient(AppsV1Api);
  return waitUntil(
    async () => {
      const { metadata, spec, status } = await api.readNamespacedDeployment({ namespace, name });
      const wanted = spec?.replicas ?? 1;
      return (
        status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === wanted &&
        status?.availableReplicas === wanted &&
        status?.replicas === wanted
      );
    },
    { what: `Deployment ${namespace}/${name}`, timeout: timeoutMs },
  );
}

/** Waits until no namespace of that name exists. */
export function namespaceGone(config: KubeConfig, name: string): Promise<void> {
  const api = config.makeApiClient(CoreV1Api);
  return waitUntil(
    async () => {
      const { items } = await api.listNamespace({ fieldSelector: `metadata.name=${name}` });
      return items.length === 0;
    },
    { what: `The end of namespace ${name}`, timeout: 2 * timeoutMs },
  );
}

/** A client configuration that is one service account and nothing more. */
export async function asServiceAccount(config: KubeConfig, namespace: string, name: string): Promise<KubeConfig> {
  const { status } = await config.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
    namespace,
    name,
    body: { spec: { audiences: [], expirationSeconds: 600 } },
  });
  return withToken(config, status?.token);
}

/** A client configuration with a token, or with nothing, in place of the administrator's certificate. */
export function withToken(config: KubeConfig, token: string | undefined): KubeConfig {
  const other = new KeepAliveConfig();
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("the kubeconfig names no cluster");
  other.loadFromClusterAndUser(cluster, { name: "other", ...(token === undefined ? {} : { token }) });
  return other;
}
