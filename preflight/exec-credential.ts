import { execFile } from "node:child_process";
import { z } from "zod";
import type { ClusterConnection } from "../config/stack/kubeconfig/connection.js";
import { FleetError } from "../lib/diagnostics/problem.js";
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
const maxBuffer = 1024 * 1024;

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
  const output = await new Promise<string>((resolve, reject) => {
    const options = { env, maxBuffer, windowsHide: true } as const;
    const child = execFile(exec.command, exec.args ?? [], options, (error, stdout) => {
      signal.removeEventListener("abort", end);
      // One that ended while this process was busy counts as late, too: its output is dropped.
      if (error === null && !signal.aborted) resolve(stdout);
      else reject(problem(signal.aborted ? `is a program that did not end ${limit}` : failure(error)));
    });
    // A program may ignore SIGTERM, and its own children may keep its output open: both would hold up the command for ever.
    const end = () => {
      for (const output of [child.stdout, child.stderr]) output?.destroy();
      child.kill("SIGKILL");
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
    // It must not wait for a person.
    child.stdin?.end();
  });
  const parsed = execCredential.safeParse(parseJson(output));
  if (parsed.success) return parsed.data.status;
  throw problem("is a program that printed no ExecCredential");
}

function failure(error: (Error & { readonly code?: unknown }) | null): string {
  if (error?.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "is a program that printed too much";
  return typeof error?.code === "number"
    ? `is a program that failed with the exit code ${error.code}`
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
