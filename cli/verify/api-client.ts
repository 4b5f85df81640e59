import http from "node:http";
import https, { type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { CouldNotLookError } from "../exit-code.js";

/** An answer of an API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request to an API server. */
export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PATCH";
  readonly path: string;
  /** @default - none */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** The API server of a kubeconfig, with a count of the requests. */
export interface ApiClient {
  readonly server: string;
  /** Requests so far. */
  readonly requests: () => number;
  /** The answer, of any status but 401. @throws CouldNotLookError without an answer, and for expired credentials */
  readonly send: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly end: () => void;
}

/** ms for one answer. */
const answerMs = 30_000;
/** Connections at a time. */
const mostAtATime = 8;

/** A client of the current context of a kubeconfig. */
export function apiClient(config: KubeConfig): ApiClient {
  const server = config.getCurrentCluster()?.server ?? "";
  let count = 0;
  let agent: http.Agent | undefined;
  const send = async ({ method = "GET", path, body, headers = {} }: ApiRequest): Promise<ApiAnswer> => {
    count += 1;
    const options: RequestOptions = {
      method,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      signal: AbortSignal.timeout(answerMs),
    };
    try {
      await config.applyToHTTPSOptions(options);
      agent ??= keepAlive(server, options);
      const merged = { ...options, agent, headers: { ...options.headers, ...headers } };
      return await exchange(new URL(`${server.replace(/\/$/, "")}${path}`), merged, body);
    } catch (error) {
      throw unreachable(server, messageOf(error).split("\n", 1)[0] ?? "");
    }
  };
  return {
    server,
    requests: () => count,
    send: async (one) => {
      const answer = await send(one);
      if (answer.status === 401) throw expired(server);
      return answer;
    },
    end: () => agent?.destroy(),
  };
}

/** An agent with the TLS settings of the kubeconfig. A proxy has an agent of its own. */
function keepAlive(
  server: string,
  { agent, ca, cert, key, rejectUnauthorized, servername }: RequestOptions,
): http.Agent {
  const own: readonly unknown[] = [http.Agent, https.Agent];
  if (agent instanceof http.Agent && !own.includes(agent.constructor)) return agent;
  const common = { keepAlive: true, maxSockets: mostAtATime };
  // `kubectl proxy` has no TLS.
  if (server.startsWith("http:")) return new http.Agent(common);
  return new https.Agent({ ...common, ca, cert, key, rejectUnauthorized, servername });
}

async function exchange(url: URL, options: RequestOptions, body: unknown): Promise<ApiAnswer> {
  const { request } = url.protocol === "http:" ? http : https;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request(url, options, resolve)
      .on("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
  const answer = await text(response);
  return { status: response.statusCode ?? 0, body: parsed(answer) };
}

/** A proxy may answer with a page. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unreachable(server: string, reason: string): CouldNotLookError {
  const message = `the cluster at ${server || "no address"} did not answer: ${reason}`;
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
