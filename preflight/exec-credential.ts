import { z } from "zod";
import type { ClusterConnection } from "../config/stack/kubeconfig/connection.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { type GroupOutcome, runGroup } from "../lib/process/run-group.js";
import type { Wait } from "../lib/time/waits.js";

/** The output of a plugin. @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
const execCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/** A login that a plugin printed: a token, or a certificate and its key. */
export type PluginCredential = z.infer<typeof execCredential>["status"];

/** Output of a plugin that is read; it prints a token or two certificates. */
const maxBytes = 1024 * 1024;

const fix = "Run kubectl get namespaces with the same KUBECONFIG: it shows the messages of the plugin";

/**
 * Runs the plugin of a kubeconfig. No problem repeats its output, in which anything may be secret.
 * @param begin begins the wait for its end
 * @throws FleetError when it fails, does not end in time, or prints something else
 */
export async function runPlugin(
  connection: ClusterConnection,
  environment: Readonly<Record<string, string | undefined>>,
  begin: () => Wait,
): Promise<PluginCredential> {
  const { credentials, userPlace } = connection;
  const { exec } = credentials;
  if (exec === undefined) return {};
  const problem = (message: string) => new FleetError([userPlace.problem("exec.command", message, fix)]);
  const variables = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const env = { ...environment, ...variables, KUBERNETES_EXEC_INFO: JSON.stringify(requestOf(connection)) };
  const { signal, limit } = begin();
  const outcome = await runGroup({ command: exec.command, args: exec.args ?? [], env, maxBytes, signal });
  // One that ended while this process was busy counts as late, too: its output is dropped.
  if (signal.aborted) throw problem(`is a program that did not end ${limit}`);
  if (!("output" in outcome)) throw problem(failure(outcome));
  const parsed = execCredential.safeParse(parseJson(outcome.output));
  if (parsed.success) return parsed.data.status;
  throw problem("is a program that printed no ExecCredential");
}

function failure(outcome: Exclude<GroupOutcome, { readonly output: string }>): string {
  if ("exitCode" in outcome) return `is a program that failed with the exit code ${outcome.exitCode}`;
  return outcome.failure === "too much output"
    ? "is a program that printed too much"
    : "is a program that could not be run to its end";
}

/** The plugin's input. */
function requestOf({ server, cluster, authority, credentials: { exec } }: ClusterConnection) {
  const extension = cluster.extensions?.find(({ name }) => name === "client.authentication.k8s.io/exec");
  const about = {
    server,
    "tls-server-name": cluster["tls-server-name"] ?? undefined,
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"] ?? undefined,
    "certificate-authority-data": authority?.toString("base64"),
    "proxy-url": cluster["proxy-url"] ?? undefined,
    config: extension?.extension,
  };
  const spec = { interactive: false, ...(exec?.provideClusterInfo === true && { cluster: about }) };
  return { apiVersion: exec?.apiVersion, kind: "ExecCredential", spec };
}

/** Undefined when the text is not JSON. The parser's error would quote the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
