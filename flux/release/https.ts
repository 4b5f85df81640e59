import { FleetError } from "../../lib/diagnostics/problem.js";

/** How the outside is reached; a test puts its own in place of it. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  /** How long one request may take, redirects and body included, in milliseconds. */
  readonly timeoutMs: number;
}

/** The real network, by the runtime's own fetch. */
export const network: Transport = { fetch: (input, init) => globalThis.fetch(input, init), timeoutMs: 30_000 };

/** One request. */
export interface HttpsRequest {
  readonly transport: Transport;
  /** @default "GET" */
  readonly method?: "GET" | "HEAD";
  /** @default - none beside the runtime's own */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the reader should do when no answer comes. */
  readonly advice: string;
  /** Larger bodies are refused, in bytes; only as much is kept in memory. */
  readonly maxBytes: number;
}

/** An answer, whatever its status, with its body read. */
export interface HttpsAnswer {
  readonly status: number;
  /** `404 Not Found`: for messages. */
  readonly statusLine: string;
  /** Who answered at last, after all redirects: `files.example.com`. */
  readonly host: string;
  readonly headers: Headers;
  readonly body: string;
}

/** GitHub answers a release URL with one redirect to where it keeps the file. */
const maxRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks over https and nothing else: redirects are followed by hand, so that none leaves https, and so that no other
 * server is sent the authorization that was meant for the first.
 * @throws FleetError when no complete answer comes, or a redirect leaves https
 */
export async function httpsRequest(address: string, request: HttpsRequest): Promise<HttpsAnswer> {
  const { transport, advice } = request;
  const signal = AbortSignal.timeout(transport.timeoutMs);
  try {
    let url = new URL(address);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      if (url.protocol !== "https:")
        throw new Error(`${hop === 0 ? "" : "it leads to "}${withoutQuery(url)} is not https`);
      const headers = url.origin === new URL(address).origin ? request.headers : withoutAuthorization(request.headers);
      const { method = "GET" } = request;
      const response = await transport.fetch(url, { method, headers: { ...headers }, redirect: "manual", signal });
      const location = response.headers.get("location");
      if (!redirects.includes(response.status) || location === null)
        return await answerOf(response, url.host, request.maxBytes);
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error(`more than ${maxRedirects} redirects`);
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    const words = late ? `no complete answer within ${transport.timeoutMs / 1000} s` : reason(error);
    throw new FleetError([{ file: address, path: "", message: `cannot be fetched: ${words}`, fix: advice }]);
  }
}

async function answerOf(response: Response, host: string, maxBytes: number): Promise<HttpsAnswer> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let body = "";
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes / 1024 / 1024} MiB`);
    body += decoder.decode(chunk, { stream: true });
  }
  const statusLine = `${response.status} ${response.statusText}`.trimEnd();
  return { status: response.status, statusLine, host, headers: response.headers, body: body + decoder.decode() };
}

function withoutAuthorization(headers: HttpsRequest["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

/** Without the query: where a file is kept, it is often a signature that opens it. */
function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** The words of whatever was thrown; fetch hides them in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
