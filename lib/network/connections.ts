import http from "node:http";
import https, { type RequestOptions } from "node:https";
import type { Dispatcher } from "undici";
import { readBody } from "./read-body.js";

/** The trust and the credentials of a TLS connection. */
export type TlsOptions = Pick<RequestOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;

/** The headers of a request. */
export type RequestHeaders = Readonly<Record<string, string | string[]>>;

/** A request to a server. */
export interface ServerRequest {
  /** @default GET */
  readonly method?: string;
  readonly headers: RequestHeaders;
  /** @default - none */
  readonly body?: string | undefined;
}

/** An answer of any status, with its whole body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The server's time, as its header says it. @default - it says none */
  readonly date?: string | undefined;
  /** Seconds after which an overloaded server wants to be asked again. @default - it says none */
  readonly retryAfter?: string | undefined;
  /** The headers `warning`. @default - none */
  readonly warnings?: readonly string[] | undefined;
}

/** Connections to one server, which stay open until they are ended. */
export interface Connections {
  /**
   * The answer to one request.
   * @throws the errors of the connection and of TLS, the signal's reason, and Error for a body without end
   */
  send(url: string, request: ServerRequest, signal: AbortSignal): Promise<Answer>;
  /** Ends them, and what still runs on them. */
  end(): void;
}

/** Connections at a time. More requests than these at once would cost more handshakes than they save time. */
const defaultConnections = 4;

/**
 * Connections to a server, without a proxy. They are Node's own, which Pulumi's SDK loads anyway: undici would cost a
 * tenth of the program's start.
 * @param most connections at a time
 */
export function directConnections(server: string, tls: TlsOptions, most = defaultConnections): Connections {
  const { Agent, request } = new URL(server).protocol === "http:" ? http : https;
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: most });
  return {
    async send(url, { method = "GET", headers, body }, signal) {
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        request(url, { ...tls, method, agent, headers: { ...headers, ...lengthOf(body) }, signal }, resolve)
          .on("error", reject)
          .end(body);
      });
      const { statusCode: status = 0, headers: answered, headersDistinct } = response;
      const { date, "retry-after": retryAfter } = answered;
      return { status, body: await readBody(response), date, retryAfter, warnings: headersDistinct.warning };
    },
    end: () => agent.destroy(),
  };
}

/** Connections to a server through a proxy. Their package is loaded at once. @param most connections at a time */
export function proxiedConnections(proxy: string, tls: TlsOptions, most = defaultConnections): Connections {
  const started = (async () => {
    const { ProxyAgent, request } = await import("undici");
    return { request, dispatcher: new ProxyAgent({ uri: proxy, requestTls: tls, connections: most }) };
  })();
  return {
    async send(url, { method = "GET", headers, body: content }, signal) {
      const { request, dispatcher } = await started;
      // The client heeds no signal while it connects.
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      const answer = async () => {
        const options = { method: method as Dispatcher.HttpMethod, headers, body: content ?? null, dispatcher, signal };
        const { statusCode, body, headers: answered } = await request(url, options);
        const one = (value: string | string[] | undefined) => (typeof value === "string" ? value : undefined);
        const [date, retryAfter] = [one(answered.date), one(answered["retry-after"])];
        const warnings = [answered.warning ?? []].flat();
        return { status: statusCode, body: await readBody(body), date, retryAfter, warnings };
      };
      return await Promise.race([answer(), aborted]);
    },
    // Ends what is still connecting, so there is nothing to wait for.
    end: () => void started.then(({ dispatcher }) => dispatcher.destroy()),
  };
}

/** Node adds the length of a body by itself to some methods only, and a DELETE is none of them. */
function lengthOf(body: string | undefined): RequestHeaders {
  return body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
}
