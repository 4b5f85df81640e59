import { isIP } from "node:net";
import { dnsSubdomain } from "./names.js";
import type { Violation } from "./rule.js";

/**
 * Endings of names that mean something else on every network, or on the cluster's own: `kubernetes.default` is the API
 * server, and `NAME.NAMESPACE` a Service.
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const innerEndings = [
  ...["alt", "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost"],
  ...["mail", "onion", "test"],
  ...["cluster", "default", "monitoring", "platform", "pod", "svc"],
];

/** Names that are not public, as a regular expression of RE2 and JavaScript. */
export const INNER_NAME = `[.](${innerEndings.join("|")})$`;
const innerName = new RegExp(INNER_NAME);

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
/**
 * Names that can be public: their last part has letters only, as those of the Internet have. Most namespaces have a
 * hyphen or a digit. As a regular expression of RE2 and JavaScript.
 * @see https://www.icann.org/resources/pages/tlds-2012-02-25-en
 */
export const PUBLIC_NAME = `^(${label}[.])+([a-z]{2,63}|xn--[-a-z0-9]{1,59})$`;
const publicName = new RegExp(PUBLIC_NAME);

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
  const [ending] = innerName.exec(host) ?? (publicName.test(host) ? [] : [host.slice(host.lastIndexOf("."))]);
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
