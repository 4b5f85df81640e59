import { isIP } from "node:net";
import type { Rule } from "./rule.js";

/** A block of IP addresses. */
interface Block {
  readonly version: 4 | 6;
  /** First address, as a number. */
  readonly first: bigint;
  /** Bits that all addresses share. */
  readonly prefix: number;
}

/** Blocks that no tenant's rule may open, and why: they lead to the node, or around everything that is closed here. */
const closed: readonly (readonly [cidr: string, why: string])[] = [
  ["0.0.0.0/8", "it is the node itself"],
  ["127.0.0.0/8", "it is the node's own loopback"],
  ["169.254.0.0/16", "link-local addresses are the node's, with the cloud's credentials at 169.254.169.254"],
  ["168.63.129.16/32", "Azure's nodes get their credentials there"],
  ["100.100.100.200/32", "Alibaba Cloud's nodes get their credentials there"],
  ["192.0.0.0/24", "Oracle Cloud's nodes get their credentials there"],
  ["224.0.0.0/3", "multicast, broadcast and reserved addresses are no single host's"],
  ["::/127", "it is the node itself, and its own loopback"],
  ["::ffff:0:0/96", "these are IPv4 addresses in disguise"],
  ["64:ff9b::/96", "these are IPv4 addresses in disguise"],
  ["fd00:ec2::/32", "Amazon's nodes get their credentials there"],
  ["fe80::/10", "link-local addresses are the node's"],
  ["ff00::/8", "multicast addresses are no single host's"],
];

/**
 * Blocks that are private: of the cluster or of a company's own network. A rule opens them only when it names them.
 * @see https://www.rfc-editor.org/rfc/rfc1918
 * @see https://www.rfc-editor.org/rfc/rfc6598
 * @see https://www.rfc-editor.org/rfc/rfc4193
 */
const privateBlocks = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/** Block of addresses that a tenant's pods may reach: written as Kubernetes writes it, and none of the closed ones. */
export const egressCidr: Rule = {
  pattern: "^[0-9a-f:.]+/[0-9]{1,3}$",
  maxLength: 43,
  check(value) {
    const block = parse(value);
    if (block === undefined) {
      const fix = "Write it like 203.0.113.0/24, or 203.0.113.7/32 for one address";
      return { message: "is not a CIDR: an IP address, a slash, and how many bits count", fix };
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
 *
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
  if (around.version !== within.version || around.prefix > within.prefix) return false;
  return network(within.first, around) === network(around.first, around);
}

function parse(text: string): Block | undefined {
  const [, address = "", length = ""] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const version = isIP(address);
  // What follows a percent sign names an interface of one machine.
  if ((version !== 4 && version !== 6) || address.includes("%")) return undefined;
  const prefix = Number(length);
  if (prefix > bits(version)) return undefined;
  return { version, first: version === 4 ? number4(address) : number6(address), prefix };
}

function bits(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** The part of an address that a block of this length compares. */
function network(address: bigint, { version, prefix }: Pick<Block, "version" | "prefix">): bigint {
  return address >> BigInt(bits(version) - prefix);
}

function number4(address: string): bigint {
  return BigInt(address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
}

function number6(address: string): bigint {
  const [head = "", tail] = shortest(address).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** The block as Kubernetes writes it: no bits beyond its length, the shortest form of the address. */
function format(block: Block): string {
  const { version, prefix } = block;
  const first = network(block.first, block) << BigInt(bits(version) - prefix);
  if (version === 4) return `${groups(first, 4, 8).join(".")}/${prefix}`;
  const written = groups(first, 8, 16).map((group) => group.toString(16));
  return `${shortest(written.join(":"))}/${prefix}`;
}

/** An address in parts of some bits each. */
function groups(address: bigint, count: number, size: number): bigint[] {
  return Array.from({ length: count }, (_, index) =>
    BigInt.asUintN(size, address >> BigInt(size * (count - 1 - index))),
  );
}

/** Every spelling of an IPv6 address in one form, with no dots in it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
