import { setTimeout } from "node:timers/promises";
import { CoreV1Api } from "@kubernetes/client-node";
import { messageOf } from "../../../lib/diagnostics/problem.js";
import type { TestEnvironment } from "./sandbox.js";
import type { Tenant } from "./tenant.js";

const everyMs = 2000;

/** The commits and problems of a tenant while something else happened. */
interface SteadyWork {
  /** The commits that it pushed, the newest one last. */
  readonly commits: readonly string[];
  /** Pushes that failed, and what Flux warned of in the tenant's namespace. */
  readonly problems: readonly string[];
}

/** Pushes a commit every two seconds until some work ends, as a team that knows nothing of it. */
export async function pushMeanwhile(
  work: Promise<unknown>,
  tenant: Tenant,
  environment: TestEnvironment,
): Promise<SteadyWork> {
  const begun = Date.now();
  let isDone = false;
  const end = work.finally(() => {
    isDone = true;
  });
  const commits: string[] = [];
  const failures: string[] = [];
  while (!isDone) {
    const pause = setTimeout(everyMs);
    const pushed = tenant.clone.commitAndPush(`Push ${commits.length}`, { "pushes.txt": `${Date.now()}\n` });
    await pushed.then(
      (commit) => commits.push(commit),
      (error: unknown) => failures.push(messageOf(error)),
    );
    await Promise.race([end, pause]);
  }
  await end;
  return { commits, problems: [...failures, ...(await warnings(tenant, environment, begun))] };
}

/** Warnings about a tenant's sync and its source. Kubernetes keeps them for an hour. */
async function warnings(tenant: Tenant, { kubernetes }: TestEnvironment, since: number): Promise<string[]> {
  const core = kubernetes.client(CoreV1Api);
  const { namespace } = tenant;
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: "type=Warning" });
  return items
    .filter(({ involvedObject: { kind = "" }, lastTimestamp, metadata: { creationTimestamp } }) => {
      const time = lastTimestamp ?? creationTimestamp;
      // The time of an event has no milliseconds.
      const isNew = time !== undefined && time.getTime() >= since - 1000;
      return isNew && ["GitRepository", "Kustomization", "Receiver"].includes(kind);
    })
    .map(({ involvedObject: { kind, name }, message }) => `${kind} ${name}: ${message}`);
}
