import { join } from "node:path";
import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import { kubeconfig } from "../control-plane/kubeconfig.js";
import { writePrivateFile } from "../lib/private-file.js";
import type { Log } from "./runner-log.js";
import { keepToken } from "./service-account-token.js";

/** The API server, as kubeconfigs name it. */
export interface Cluster {
  readonly name: string;
  /** URL. */
  readonly server: string;
  /** PEM of its authority. */
  readonly ca: string;
}

/**
 * Gives a pod the means to be its own service account: a token that is kept fresh, and a kubeconfig that names its file.
 * Resolves when both are there.
 * @param failed told of every attempt that failed
 * @param end ends the renewal
 * @returns the path of the kubeconfig; `undefined` when the pod wants no token
 */
export async function provideIdentity(
  api: CoreV1Api,
  cluster: Cluster,
  pod: V1Pod,
  dir: string,
  failed: Log,
  end: AbortSignal,
): Promise<string | undefined> {
  if (pod.spec?.automountServiceAccountToken === false) return undefined;
  const token = join(dir, "token");
  const file = join(dir, "kubeconfig");
  await keepToken(api, pod, token, failed, end);
  const credentials = { kind: "token-file", path: token } as const;
  await writePrivateFile(file, kubeconfig({ ...cluster, credentials }));
  return file;
}
