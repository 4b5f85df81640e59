import { fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { fetchBy } from "../../lib/network/fetch.js";

/** The means of HTTPS requests; tests replace it. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  /** The timeout of one request, redirects and body included, in milliseconds. */
  readonly timeoutMs: number;
}

/** The network, by the proxy of the environment if it has one. */
export const network: Transport = { fetch: fetchBy(process.env), timeoutMs: 30_000 };

/** The parameters of a request: GET, unless `method` says otherwise. */
export interface HttpsRequest {
  readonly transport: Transport;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** The fix that an error suggests. */
  readonly advice: string;
  /** The largest accepted body, in bytes. */
  readonly maxBytes: number;
}

/** An answer of any status, with its body. */
export interface HttpsAnswer {
  readonly status: number;
  /** `404 Not Found`, for messages. */
  readonly statusLine: string;
  /** The host that answered, after all redirects: `files.example.com`. */
  readonly host: string;
  readonly headers: Headers;
  readonly body: string;
}

/** GitHub answers a release URL with one redirect to its file storage. */
const maxRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Sends a request over HTTPS only. It follows redirects itself, so that none leaves HTTPS, and no other server receives
 * the authorization of the first.
 * @throws FleetError when no complete answer arrives, or a redirect leaves HTTPS
 */
export async function httpsRequest(address: string, request: HttpsRequest): Promise<HttpsAnswer> {
  const { transport, method = "GET", headers = {}, maxBytes, advice } = request;
  const signal = AbortSignal.timeout(transport.timeoutMs);
  try {
    let url = new URL(address);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      // Without the query, which often holds a signature that grants access to the file.
      const place = `${hop === 0 ? "" : "it leads to "}${url.origin}${url.pathname}`;
      if (url.protocol !== "https:") throw new Error(`${place} is not https`);
      const sent = new Headers(headers);
      if (url.origin !== new URL(address).origin) sent.delete("authorization");
      const response = await transport.fetch(url, { method, headers: sent, redirect: "manual", signal });
      const location = response.headers.get("location");
      if (!redirects.includes(response.status) || location === null)
        return await answerOf(response, url.host, maxBytes);
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error(`more than ${maxRedirects} redirects`);
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    const words = late ? `no complete answer within ${transport.timeoutMs / 1000} s` : reason(error);
    throw fleetError(address, "", `cannot be fetched: ${words}`, advice);
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

/** The message of an error; fetch puts the reason in its cause. */
function reason(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  return cause instanceof Error ? `${messageOf(error)}: ${cause.message}` : messageOf(error);
}
