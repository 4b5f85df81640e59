import { messageOf } from "../../lib/diagnostics/problem.js";
import { type ApiServer, acceptOf, type Representation, send } from "../../preflight/api-server.js";
import { ClusterError, foreignAnswer, refusedCredentials } from "./cluster-error.js";
import { slotsFor } from "./slots.js";

/** The limits of all requests to one cluster. */
export interface ClusterLimits {
  /** Milliseconds for each answer. */
  readonly answerMs: number;
  /** Milliseconds for the login by a kubeconfig's plugin. */
  readonly loginMs: number;
  /** Milliseconds for all requests together, from the first one on. @default - no limit */
  readonly allMs?: number;
}

/** A request to an API server. */
export interface ApiRequest {
  /** @default GET */
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path and query. */
  readonly path: string;
  /** Sent as JSON. @default - none */
  readonly body?: unknown;
  /** Headers beside those of the credentials. @default - JSON is sent, and asked for */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** An answer of an API server. */
export interface ApiAnswer {
  readonly status: number;
  /** Undefined when the answer is no JSON, such as the page of a proxy. */
  readonly body: unknown;
  /** The server's time, as a header has it. @default - it has none */
  readonly date?: string | undefined;
  /** Warnings about the request, as headers have them. @default - none */
  readonly warnings?: readonly string[] | undefined;
}

/** A client of one API server. */
export interface ApiClient {
  /** Name of the context. Empty for the account of a pod. */
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** The answer, of any status but 401. @throws ClusterError without an answer, and for refused credentials */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** Number of requests so far. */
  requests(): number;
  /** Ends the connections, and what still runs on them. */
  end(): void;
}

/** The part of a client that requests need. */
export type Sender = Pick<ApiClient, "send">;

/** Requests at a time, each on a connection of its own, which stays open. */
export const mostAtATime = 8;

/** The arguments of {@link apiClient}. */
export interface ApiClientArgs {
  readonly context: string;
  /** Logs in. Called again once the credentials that a plugin printed have expired. */
  readonly login: () => Promise<ApiServer>;
  /** Whether a new login may have new credentials. */
  readonly canRenew: boolean;
  readonly limits: Pick<ClusterLimits, "answerMs" | "allMs">;
}

/** A client that has logged in. It sends no request yet. @throws the errors of the login */
export async function apiClient({ context, login, canRenew, limits }: ApiClientArgs): Promise<ApiClient> {
  const first = await login();
  const inSlot = slotsFor(mostAtATime);
  const open = [first];
  let current = Promise.resolve(first);
  let wasAccepted = false;
  let count = 0;
  let all: AbortSignal | undefined;
  const exchange = async (server: ApiServer, request: ApiRequest) => {
    count += 1;
    all ??= limits.allMs === undefined ? undefined : AbortSignal.timeout(limits.allMs);
    const answer = await inSlot(() => answerOf(server, request, limits, all));
    wasAccepted ||= answer.status !== 401;
    return answer;
  };
  const renewed = (): Promise<ApiServer> => {
    return login().then(
      (server) => {
        open.push(server);
        return server;
      },
      (error: unknown) => {
        throw new ClusterError(`the credentials have expired, and a new login failed: ${firstLine(error)}`, 401);
      },
    );
  };
  return {
    context,
    server: first.url,
    async send(request) {
      const used = current;
      const answer = await exchange(await used, request);
      if (answer.status !== 401) return answer;
      // Credentials that were never accepted are wrong. A second login would print the same.
      if (!canRenew || !wasAccepted) throw refusedCredentials();
      if (current === used) current = renewed();
      const again = await exchange(await current, request);
      if (again.status === 401) throw refusedCredentials();
      return again;
    },
    requests: () => count,
    end: () => {
      for (const { connections } of open) connections.end();
    },
  };
}

async function answerOf(
  server: ApiServer,
  { method, path, body, headers }: ApiRequest,
  { answerMs, allMs = 0 }: ApiClientArgs["limits"],
  all: AbortSignal | undefined,
): Promise<ApiAnswer> {
  const own = AbortSignal.timeout(answerMs);
  const signal = all === undefined ? own : AbortSignal.any([own, all]);
  const content = body === undefined ? {} : { "content-type": "application/json" };
  const sent = {
    ...(method !== undefined && { method }),
    path,
    headers: { ...acceptOf(undefined), ...content, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  try {
    const { body: text, ...answer } = await send(server, sent, signal);
    return { ...answer, body: parsed(text) };
  } catch (error) {
    if (own.aborted) throw new ClusterError(`there was no complete answer within ${answerMs / 1000} s`);
    if (all?.aborted) throw new ClusterError(`there were no complete answers within ${allMs / 1000} s`);
    throw new ClusterError(firstLine(error));
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** A proxy may answer with a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The content of an answer to a GET request. @throws ClusterError for another status than 200, and another form */
export async function get(client: Sender, path: string, representation?: Representation): Promise<unknown> {
  const { status, body } = await client.send({ path, headers: acceptOf(representation) });
  if (status !== 200) throw new ClusterError(`HTTP status ${status}`, status);
  if (body === undefined) throw new ClusterError(foreignAnswer);
  return body;
}
