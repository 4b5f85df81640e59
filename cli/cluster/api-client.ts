import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { type BeginWait, beginWait } from "../../lib/time/waits.js";
import { type ApiServer, acceptOf, type Representation, send } from "../../preflight/api-server.js";
import { ClusterError, foreignAnswer, refusedCredentials } from "./cluster-error.js";
import { slotsFor } from "./slots.js";

/** The limits of all requests to one cluster. */
export interface ClusterLimits {
  /** Milliseconds for each answer. */
  readonly answerMs: number;
  /** Milliseconds for the login by a kubeconfig's plugin. */
  readonly loginMs: number;
  /** Begins each wait. @default - nothing but these limits ends a wait */
  readonly begin?: BeginWait;
  /** Requests at a time, each on a connection of its own, which stays open. @default - {@link mostAtATime} */
  readonly most?: number;
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
  /** Seconds after which an overloaded server wants to be asked again. @default - it says none */
  readonly retryAfter?: string | undefined;
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

/** Requests at a time. */
export const mostAtATime = 8;
/**
 * Times that a request is sent which an overloaded server refuses, and the longest pause between them in seconds. After one
 * that was refused as often, each further refusal counts at once: thousands of requests would wait for hours.
 */
const [mostAttempts, longestPause] = [6, 10];

/** The arguments of {@link apiClient}. */
export interface ApiClientArgs {
  readonly context: string;
  /** Logs in. Called again once the credentials that a plugin printed have expired. */
  readonly login: () => Promise<ApiServer>;
  /** Whether a new login may have new credentials. */
  readonly canRenew: boolean;
  readonly limits: Pick<ClusterLimits, "answerMs" | "begin" | "most">;
}

/** A client that has logged in. It sends no request yet. @throws the errors of the login */
export async function apiClient({ context, login, canRenew, limits }: ApiClientArgs): Promise<ApiClient> {
  const first = await login();
  const inSlot = slotsFor(limits.most ?? mostAtATime);
  const open = [first];
  let current = Promise.resolve(first);
  let wasAccepted = false;
  let count = 0;
  let most = mostAttempts;
  const exchange = async (server: ApiServer, request: ApiRequest) => {
    // A request that pauses keeps its place: the fewer there are, the sooner the server recovers.
    const answer = await inSlot(() => {
      const ask = () => {
        count += 1;
        return answerOf(server, request, limits);
      };
      return acceptedAnswer({ ask, most: () => most, begin: limits.begin });
    });
    if (isOverload(answer)) most = 1;
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

/**
 * The answer to a request. One that the API server's priority and fairness refuses was not processed, so it is sent again
 * when the server asks for it, as Kubernetes' own clients do.
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
async function acceptedAnswer({ ask, most, begin = beginWait }: AcceptedAnswerArgs): Promise<ApiAnswer> {
  let refusal: ApiAnswer | undefined;
  for (let attempt = 1; ; attempt += 1) {
    // Of a server that refused before, silence is no other reason.
    const answer = await ask().catch((error: unknown) => refusal ?? Promise.reject(error));
    if (answer === refusal || !isOverload(answer) || attempt >= most()) return answer;
    refusal = answer;
    const pauseMs = Math.min(Number(answer.retryAfter), longestPause) * 1000;
    // The wait ends the pause, too: it may have to end sooner.
    await delay(pauseMs, undefined, { signal: begin(pauseMs).signal }).catch(() => undefined);
  }
}

interface AcceptedAnswerArgs {
  readonly ask: () => Promise<ApiAnswer>;
  /** Times that the request is sent at most. */
  readonly most: () => number;
  readonly begin: BeginWait | undefined;
}

/** Whether priority and fairness refused a request. Kubernetes writes whole seconds. A 429 without them has another reason. */
function isOverload({ status, retryAfter }: ApiAnswer): boolean {
  return status === 429 && /^\d+$/.test(retryAfter ?? "");
}

async function answerOf(
  server: ApiServer,
  { method, path, body, headers }: ApiRequest,
  { answerMs, begin = beginWait }: ApiClientArgs["limits"],
): Promise<ApiAnswer> {
  const { signal, limit } = begin(answerMs);
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
    if (signal.aborted) throw new ClusterError(`there was no complete answer ${limit}`);
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
