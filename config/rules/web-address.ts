import { domainToUnicode } from "node:url";
import { parseUrl } from "../../lib/network/parse-url.js";
import { publicHostViolation } from "./public-host.js";
import { atMost, hintOf, refuse, ruleOf } from "./rule.js";

/**
 * Whether a text is a URL. Every version of Node gives the same answer, except about characters that its Unicode lacks:
 * `URL` of newer versions also accepts a host with an `xn--` label that encodes no name.
 * @see https://github.com/whatwg/url/pull/914
 */
export function isUrl(text: string): boolean {
  return parseUrl(text)?.hostname.split(".").every(isNameLabel) ?? false;
}

/**
 * Whether a label of a host is plain or encodes a name. An invalid `xn--` label decodes to nothing in older versions of
 * Node and to itself in newer ones; one that ends in a hyphen decodes to ASCII, which needs no encoding.
 */
function isNameLabel(label: string): boolean {
  return !label.startsWith("xn--") || /^(?!xn--).*\P{ASCII}/su.test(domainToUnicode(label));
}

/** Whether a URL leads to this machine, where no one can intercept http; URL has put every spelling into one form. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

const example = "Write it like https://hooks.example.com/alerts";

/**
 * Address of a service that is sent something secret, or something that others must not make up: https, or http to the
 * machine itself. Credentials have a place of their own.
 */
export const webAddress = ruleOf(
  // The length is what Flux takes.
  { pattern: "^https?://[^\\s]+$", maxLength: 2048, hint: hintOf("the address of a web service", example) },
  refuse(/^$/, "is empty", example),
  atMost(2048),
  (value) => (/[\s\p{Cc}]/u.test(value) || !isUrl(value) ? { message: "is not a URL", fix: example } : undefined),
  (value) => {
    const url = new URL(value);
    if (!/^https?:$/.test(url.protocol)) return { message: "is not an https URL", fix: "Use https" };
    if (url.protocol === "http:" && !isLoopback(url)) {
      return { message: "is an http URL, which would show what is sent to everybody on the way", fix: "Use https" };
    }
    if (url.username === "" && url.password === "") return undefined;
    return { message: "contains credentials", fix: "Put them into fleet:secrets, and nothing of them into the URL" };
  },
);

/** The least port of the machine itself that notifications may go to: lower ones are those of Flux's controllers. */
const LEAST_LOOPBACK_PORT = 10_000;

/**
 * Address that notification-controller sends to, from inside the cluster: of a public host, so that it leads to no
 * Service, node or metadata service. The machine itself is for the sandbox. In a cluster it is the controller's pod,
 * whose own ports take events and webhooks.
 */
export const hookAddress = ruleOf(webAddress, (value) => {
  const url = new URL(value);
  if (!isLoopback(url)) return publicHostViolation(url.host);
  if (Number(url.port) >= LEAST_LOOPBACK_PORT) return undefined;
  const fix = `Write the name of a host, or a port from ${LEAST_LOOPBACK_PORT} on`;
  return { message: "leads to the controller itself, at a port that may be one of its own", fix };
});

/** Address of a server, alone, because the program adds the path. */
export const webOrigin = ruleOf(webAddress, (value) => {
  const { pathname, search, hash } = new URL(value);
  if (pathname === "/" && search === "" && hash === "") return undefined;
  return {
    message: "has a path, and Flux takes none before its own /hook/",
    fix: "Give the receiver a host of its own: https://flux-webhook.example.com",
  };
});
