import type { ApiAnswer } from "../cluster/api-client.js";
import type { ClusterError } from "../cluster/cluster-error.js";
import { CouldNotLookError } from "../exit-code.js";

/** The error of a request without an answer, and of credentials that the cluster refused. */
export function unreachable(server: string, { status, message }: ClusterError): CouldNotLookError {
  return status === 401 ? expired(server) : silent(server, message);
}

function silent(server: string, reason: string): CouldNotLookError {
  const message = `the cluster at ${server} did not answer: ${reason}`;
  const fix = "Check the file, its current context, and the network: kubectl version";
  return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
}

function expired(server: string): CouldNotLookError {
  const message = `the cluster at ${server} does not accept the credentials (401): they are wrong or have expired`;
  const fix = "Log in again, or write a new kubeconfig: kubectl auth whoami";
  return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
}

/** The error of a request that an account has no right to. @param right as in `kubectl auth can-i` */
export function missingRight(server: string, right: string, message: string): CouldNotLookError {
  const text = `the account may not ${right} at ${server}: ${message}`;
  const fix = `Use an account with that right: kubectl auth can-i ${right}`;
  return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message: text, fix }]);
}

/** The error of an answer that says nothing about what was asked. @param what what the server was asked to do */
export function unanswered(server: string, what: string, { status, body }: ApiAnswer): CouldNotLookError {
  const [line = ""] = messageIn(body).split("\n", 1);
  const message = `the cluster at ${server} did not ${what}: it answered ${status}${line && `: ${line.slice(0, 300)}`}`;
  const fix = "Look again; kubectl get --raw /readyz?verbose shows the state of the API server";
  return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
}

/** The message of a refusal. */
export function messageIn(body: unknown): string {
  const { message } = Object(body) as { readonly message?: unknown };
  return typeof message === "string" ? message : "";
}
