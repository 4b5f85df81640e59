import { definedOnly } from "../data/defined-only.js";
import { proxyFor } from "./proxy.js";

/** Statuses whose answers have no body. */
const withoutBody: readonly number[] = [204, 205, 304];

/**
 * A `fetch` that uses the proxy of an environment, see {@link proxyFor}. Node's own has no proxies before Node 24.
 * @throws TypeError for a body that is no text
 */
export function fetchBy(environment: Readonly<Record<string, string | undefined>>): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const proxy = proxyFor(url, environment);
    if (proxy === undefined) return await fetch(input, init);
    // Loaded only here: most runs need no proxy.
    const { fetch: fetchThrough, ProxyAgent } = await import("undici");
    const { method, redirect, signal, body: content } = init;
    if (typeof content === "object" && content !== null) throw new TypeError("only texts are sent by a proxy");
    const headers = Object.fromEntries(new Headers(init.headers));
    const options = definedOnly({ method, redirect, signal: signal ?? undefined, body: content ?? undefined });
    const answer = await fetchThrough(url, { ...options, headers, dispatcher: new ProxyAgent(proxy) });
    const { status, statusText } = answer;
    const body = withoutBody.includes(status) ? null : answer.body;
    return new Response(body, { status, statusText, headers: Object.fromEntries(answer.headers) });
  };
}
