import { isIP } from "node:net";
import { endsInNumber } from "./ends-in-number.js";
import { dnsSubdomain } from "./names.js";
import type { Violation } from "./rule.js";

/**
 * Endings of names that mean something else on every network, or on the cluster's own.
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const innerEndings = [
  "local",
  "localhost",
  "localdomain",
  "internal",
  "intranet",
  "lan",
  "home.arpa",
  "svc",
  "cluster",
];

/**
 * Why a host is not one that the platform lets its controllers call: it must be a name, and not one within the cluster
 * or of a network that only the controllers are in.
 *
 * A name says who is meant whatever it leads to today, and its certificate proves it; an address does neither. Nor does
 * a name whose last part is a number: some readers of URLs take it for an address, and others for a name.
 * @param host without its port
 */
export function publicHostViolation(host: string): Violation | undefined {
  const fix = "Write the name of a host like ghcr.io or charts.example.com";
  if (host === "") return { message: "has no host", fix };
  if (isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0 || /^[0-9.]+$/.test(host)) {
    return { message: `has the address ${host} for its host, which no name stands for`, fix };
  }
  if (dnsSubdomain.check(host)) return { message: `has the host ${host}, which is not a DNS name in lower case`, fix };
  if (!host.includes(".")) return { message: `has the host ${host}, which is a name within the cluster`, fix };
  if (endsInNumber(host)) {
    return { message: `has the host ${host}, which ends in a number, as addresses do`, fix };
  }
  const ending = innerEndings.find((one) => host.endsWith(`.${one}`));
  return ending === undefined
    ? undefined
    : { message: `has the host ${host}, and names that end in .${ending} are not public`, fix };
}

/** `HOST:PORT` in its parts; the port undefined when there is none, null when it is not one. */
export function hostAndPort(authority: string): { readonly host: string; readonly port: number | null | undefined } {
  const [, host = "", text] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? [];
  if (text === undefined) return { host, port: undefined };
  const port = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
  return { host, port: port >= 1 && port <= 65_535 ? port : null };
}
