import { isIP } from "node:net";
import { dnsSubdomain } from "./names.js";
import type { Violation } from "./rule.js";

/**
 * Endings of names that mean something else on every network, or on the cluster's own.
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const innerEnding = /\.(local|localhost|localdomain|internal|intranet|lan|home\.arpa|svc|cluster)$/;

/**
 * Why a host is not one that the platform lets its controllers call: it must be a name, and not one within the cluster
 * or of a network that only the controllers are in. A name says who is meant whatever it leads to today, and its
 * certificate proves it; an address does neither.
 * @param authority `HOST` or `HOST:PORT`
 * @param loopback whether the controllers' own loopback may be called, at a port. @default false
 */
export function publicHostViolation(authority: string, loopback = false): Violation | undefined {
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? [];
  if (port !== undefined && !(/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535)) {
    return { message: "has no port after the colon", fix: "Write a number from 1 to 65535" };
  }
  if (loopback && host === "127.0.0.1" && port !== undefined) return undefined;
  const fix = "Write the name of a host like ghcr.io or charts.example.com";
  if (host === "") return { message: "has no host", fix };
  if (isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0 || /^[0-9.]+$/.test(host)) {
    return { message: `has the address ${host} for its host, which no name stands for`, fix };
  }
  if (dnsSubdomain.check(host)) return { message: `has the host ${host}, which is not a DNS name in lower case`, fix };
  if (!host.includes(".")) return { message: `has the host ${host}, which is a name within the cluster`, fix };
  if (endsInNumber(host)) return { message: `has the host ${host}, which ends in a number, as addresses do`, fix };
  const [ending] = innerEnding.exec(host) ?? [];
  if (ending === undefined) return undefined;
  return { message: `has the host ${host}, and names that end in ${ending} are not public`, fix };
}

/**
 * Whether a host's last part is a number: some readers of URLs take such a host for an address, and others for a name.
 * @param host in lower case, without its port
 * @see https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
export function endsInNumber(host: string): boolean {
  return /(^|\.)([0-9]+|0x[0-9a-f]*)$/.test(host);
}
