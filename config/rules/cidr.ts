import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { hintOf, type Rule } from "./rule.js";

/** IPv6 blocks that a host or a router on the way translates into IPv4, also into the node's own addresses. */
const disguised = "these are IPv4 addresses in disguise";

/**
 * Blocks that no tenant's rule may open, and why: they lead to the node, or around everything that is closed here.
 * Translations of IPv4 into IPv6: compatible, mapped, translated (SIIT), NAT64, Teredo, 6to4. A prefix of NAT64 that a
 * network chose itself cannot be known.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
 */
const closed: readonly (readonly [cidr: string, why: string])[] = [
  ["0.0.0.0/8", "it is the node itself"],
  ["127.0.0.0/8", "it is the node's own loopback"],
  ["169.254.0.0/16", "link-local addresses are the node's, with the cloud's credentials at 169.254.169.254"],
  ["168.63.129.16/32", "Azure's nodes get their credentials there"],
  ["100.100.100.200/32", "Alibaba Cloud's nodes get their credentials there"],
  ["192.0.0.0/24", "Oracle Cloud's nodes get their credentials there"],
  ["192.88.99.0/24", "it leads through a tunnel to addresses of any kind"],
  ["224.0.0.0/3", "multicast, broadcast and reserved addresses are no single host's"],
  ["::/96", "it is the node itself, its own loopback, and IPv4 addresses in disguise"],
  ["::ffff:0:0/96", disguised],
  ["::ffff:0:0:0/96", disguised],
  ["64:ff9b::/96", disguised],
  ["64:ff9b:1::/48", disguised],
  ["2001::/32", disguised],
  ["2002::/16", disguised],
  ["fd00:ec2::/32", "Amazon's nodes get their credentials there"],
  ["fd00:42::42/128", "Scaleway's nodes get their credentials there"],
  ["fd00:c1::a9fe:a9fe/128", "Oracle Cloud's nodes get their credentials there"],
  ["fd20:ce::254/128", "Google Cloud's nodes get their credentials there"],
  ["fe80::/10", "link-local addresses are the node's"],
  ["ff00::/8", "multicast addresses are no single host's"],
];

/**
 * Blocks that are private (RFC 1918, RFC 6598, RFC 4193, RFC 3879): of the cluster or of a company's own network. A rule opens them
 * only when it names them.
 */
const privateBlocks = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"];

const cidrFix = "Write it like 203.0.113.0/24, or 203.0.113.7/32 for one address";

/** Block of addresses that a tenant's pods may reach: written as Kubernetes writes it, and none of the closed ones. */
export const egressCidr: Rule = {
  pattern: "^[0-9a-f:.]+/[0-9]{1,3}$",
  maxLength: 43,
  hint: hintOf("a block of addresses", cidrFix),
  check(value) {
    const block = parse(value);
    if (block === undefined) {
      // Network policies see addresses only: a name can lead elsewhere at any time.
      if (/^(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/i.test(value)) {
        return { message: "is a host's name, and network policies know addresses only", fix: cidrFix };
      }
      return { message: "is not a CIDR: an IP address, a slash, and how many bits count", fix: cidrFix };
    }
    const canonical = format(block);
    if (canonical !== value) {
      const message = "has bits set beyond its length, or is not written as Kubernetes writes it";
      return { message, fix: `Write ${canonical}` };
    }
    const [within, why] = closed.find(([cidr]) => contains(cidr, value)) ?? [];
    if (within === undefined) return undefined;
    return { message: `is within ${within}, which no tenant can reach: ${why}`, fix: "Remove it" };
  },
};

/**
 * The exceptions of a rule that opens a block: every closed or private block in it, the largest ones, sorted as
 * they are listed. A private block that is itself what the rule names, or around it, is open.
 * @param cidr one that {@link egressCidr} accepts
 */
export function exceptions(cidr: string): string[] {
  const inside = [...privateBlocks, ...closed.map(([block]) => block)].filter(
    (block) => block !== cidr && contains(cidr, block),
  );
  return inside.filter((block) => !inside.some((other) => other !== block && contains(other, block)));
}

/** Whether all addresses of one block are in another; false when either is no CIDR. */
export function contains(outer: string, inner: string): boolean {
  const [around, within] = [parse(outer), parse(inner)];
  if (around === undefined || within === undefined) return false;
  const [first, length] = within;
  return first.kind() === around[0].kind() && length >= around[1] && first.match(around);
}

function parse(cidr: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  // After a percent sign comes an interface of one machine.
  const [, address = "", length] = /^([^/%]+)\/(0|[1-9][0-9]*)$/.exec(cidr) ?? [];
  // The library also reads shortened and octal addresses, and some IPv6 addresses with dots wrongly.
  const plain = `${isIP(address) === 6 ? shortest(address) : address}/${length}`;
  return isIP(address) !== 0 && ipaddr.isValidCIDR(plain) ? ipaddr.parseCIDR(plain) : undefined;
}

/** A block as Kubernetes writes it: no bits beyond its length, the shortest form of the address. */
function format([address, length]: [ipaddr.IPv4 | ipaddr.IPv6, number]): string {
  const family = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = family.networkAddressFromCIDR(`${address}/${length}`).toNormalizedString();
  return `${family === ipaddr.IPv4 ? first : shortest(first)}/${length}`;
}

/** Every spelling of an IPv6 address in one form, with no dots in it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
