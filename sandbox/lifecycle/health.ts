import { fetch } from "undici";
import { answersOk } from "../control-plane/answers-ok.js";
import { loadKubeconfig } from "../control-plane/bootstrap.js";
import { type DaemonRecord, type EnvironmentRecord, type GitHubRecord, isRunning } from "../daemon/record.js";

/** ms that a healthy part may take to answer. */
const timeoutMs = 5000;

/** Whether a daemon is ready, alive, and what it hosts answers. */
export async function isHealthy(record: DaemonRecord): Promise<boolean> {
  if (record.phase !== "ready" || !isRunning(record)) return false;
  try {
    return await (record.kind === "github" ? githubAnswers(record) : clusterAnswers(record));
  } catch {
    // A server that refuses, times out or is not what it was: not healthy, whatever the reason.
    return false;
  }
}

async function githubAnswers({ github }: GitHubRecord): Promise<boolean> {
  if (github === undefined) return false;
  const response = await fetch(`${github.url}api/v3/meta`, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return response.status < 500;
}

/** Asks as the administrator and with the authority's certificate, so that a foreign server is not mistaken for ours. */
async function clusterAnswers({ environment }: EnvironmentRecord): Promise<boolean> {
  if (environment === undefined) return false;
  const config = loadKubeconfig(environment.kubeconfig);
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  return answersOk(`${environment.server}/readyz`, text(cluster?.caData), {
    cert: text(user?.certData),
    key: text(user?.keyData),
  });
}

function text(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}
