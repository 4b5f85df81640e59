import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import { writePrivateFile } from "../lib/private-file.js";
import { sleep } from "../lib/sleep.js";
import { retry } from "./retry.js";
import type { Log } from "./runner-log.js";

/** Lifetime that is asked for, in seconds: the kubelet's. */
const lifetime = 3607;

/**
 * When to ask for the next token, in ms from now: after four fifths of the time that is left, as the kubelet does,
 * so that a server that is away for a while does no harm.
 */
export function renewalDelay(expires: Date, now: Date): number {
  return Math.max(1000, (expires.getTime() - now.getTime()) * 0.8);
}

/**
 * Keeps a token of a pod's service account in a file, bound to the pod: it is worthless as soon as the pod is gone.
 *
 * Resolves when the first token is there, and renews it until the signal is aborted. Clients read the file again by
 * themselves.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
export async function keepToken(
  api: CoreV1Api,
  pod: V1Pod,
  file: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const expires = await requestToken(api, pod, file, log, signal);
  if (expires !== undefined) void renew(api, pod, file, log, signal, expires);
}

async function renew(
  api: CoreV1Api,
  pod: V1Pod,
  file: string,
  log: Log,
  signal: AbortSignal,
  first: Date,
): Promise<void> {
  let expires: Date | undefined = first;
  while (expires !== undefined && !signal.aborted) {
    await sleep(renewalDelay(expires, new Date()), signal);
    expires = signal.aborted ? undefined : await requestToken(api, pod, file, log, signal);
  }
}

async function requestToken(
  api: CoreV1Api,
  pod: V1Pod,
  file: string,
  log: Log,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const { name: podName = "", namespace = "", uid = "" } = pod.metadata ?? {};
  const name = pod.spec?.serviceAccountName ?? "default";
  return await retry(
    `token of service account ${namespace}/${name} for pod ${podName}`,
    async () => {
      const answer = await api.createNamespacedServiceAccountToken({
        name,
        namespace,
        body: {
          spec: {
            audiences: [],
            expirationSeconds: lifetime,
            boundObjectRef: { apiVersion: "v1", kind: "Pod", name: podName, uid },
          },
        },
      });
      if (answer.status === undefined) throw new Error("the API server answered without a token");
      await writePrivateFile(file, answer.status.token);
      return answer.status.expirationTimestamp;
    },
    log,
    signal,
    // A service account that is missing may still come; a pod that is gone takes its signal with it.
    [],
  );
}
