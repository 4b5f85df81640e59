import { domainToUnicode } from "node:url";
import type { Rule, Violation } from "./rule.js";

/**
 * Whether a text is a URL. Every version of Node gives the same answer, except about characters that its Unicode lacks:
 * `URL` of newer versions also accepts a host with an `xn--` label that encodes no name.
 * @see https://github.com/whatwg/url/pull/914
 */
export function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname.split(".").every(isNameLabel);
}

/**
 * Whether a label of a host is plain or encodes a name. An invalid `xn--` label decodes to nothing in older versions of
 * Node and to itself in newer ones; one that ends in a hyphen decodes to ASCII, which needs no encoding.
 */
function isNameLabel(label: string): boolean {
  return !label.startsWith("xn--") || /^(?!xn--).*\P{ASCII}/su.test(domainToUnicode(label));
}

/** Whether a URL's host is this machine; URL has put every spelling of an address into one form. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Address of a service that is sent something secret, or something that others must not make up: https, or http to the
 * machine itself, where no one can intercept it. Credentials have a place of their own.
 */
export const webAddress: Rule = {
  pattern: "^https?://[^\\s]+$",
  // What Flux takes.
  maxLength: 2048,
  check(value) {
    if (value === "") return { message: "is empty", fix: "Write it like https://hooks.example.com/alerts" };
    if (value.length > 2048) return { message: "is longer than 2048 characters" };
    if (/[\s\p{Cc}]/u.test(value) || !isUrl(value)) {
      return { message: "is not a URL", fix: "Write it like https://hooks.example.com/alerts" };
    }
    return fault(new URL(value));
  },
};

/**
 * Address of a server, alone, because the program adds the path.
 * @see webAddress
 */
export const webOrigin: Rule = {
  ...webAddress,
  check(value) {
    const violation = webAddress.check(value);
    if (violation) return violation;
    const { pathname, search, hash } = new URL(value);
    if (pathname === "/" && search === "" && hash === "") return undefined;
    return {
      message: "has a path, and Flux takes none before its own /hook/",
      fix: "Give the receiver a host of its own: https://flux-webhook.example.com",
    };
  },
};

function fault({ protocol, hostname, username, password }: URL): Violation | undefined {
  if (protocol !== "https:" && protocol !== "http:") return { message: "is not an https URL", fix: "Use https" };
  if (protocol === "http:" && !isLoopback(hostname)) {
    return { message: "is an http URL, which would show what is sent to everybody on the way", fix: "Use https" };
  }
  if (username === "" && password === "") return undefined;
  return { message: "contains credentials", fix: "Put them into fleet:secrets, and nothing of them into the URL" };
}
