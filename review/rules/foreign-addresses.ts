import ipaddr from "ipaddr.js";
import { fieldAt, listAt, ofKind, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan, Rule } from "./rule.js";

/** Addresses that tenants may reach. */
export const foreignAddresses: Rule = {
  name: "foreign-addresses",
  level: "advisory",
  title: "no egress range of a tenant contains a range that another one alone has",
  reason: "a range that is opened for one tenant, such as its database, is often meant for no other",
  fix: "name the smaller ranges that the tenant needs in network.egress",
  violations: ({ plan }) => {
    const ranges = egressRanges(plan);
    return ranges.flatMap((one) => {
      const { resource, range } = one;
      return ranges
        .filter((other) => other.resource.tenant !== resource.tenant && contains(one, other))
        .map((other) => ({
          resource,
          field: ["network", "egress"],
          message: `${resource.tenant} may reach ${range}, which contains ${other.range} of ${other.resource.tenant}`,
        }));
    });
  },
};

interface OwnedRange {
  readonly resource: PlannedResource;
  readonly range: string;
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** Each range of each tenant once. Ranges that every tenant has come from the platform. */
function egressRanges(plan: JudgedPlan): OwnedRange[] {
  const owned = ofKind(plan, "NetworkPolicy").flatMap((resource) =>
    resource.tenant === undefined
      ? []
      : listAt(resource.inputs, "spec", "egress")
          .flatMap((rule) => listAt(rule, "to"))
          .map((peer) => valueText(fieldAt(peer, "ipBlock", "cidr") ?? ""))
          .filter((range) => range !== "")
          .map((range) => ({ resource, range })),
  );
  const distinct = [...new Map(owned.map((one) => [JSON.stringify([one.resource.tenant, one.range]), one])).values()];
  const tenants = new Set(owned.map(({ resource }) => resource.tenant)).size;
  const owners = new Map<string, number>();
  for (const { range } of distinct) owners.set(range, (owners.get(range) ?? 0) + 1);
  return distinct
    .filter(({ range }) => tenants === 1 || (owners.get(range) ?? 0) < tenants)
    .flatMap((one) => (ipaddr.isValidCIDR(one.range) ? [{ ...one, ...parsed(one.range) }] : []));
}

/** A range as numbers. It is parsed once: each is compared with all others. */
function parsed(range: string): Pick<OwnedRange, "bytes" | "bits"> {
  const [address, bits] = ipaddr.parseCIDR(range);
  return { bytes: address.toByteArray(), bits };
}

/** Whether a range is larger than another one and contains it. */
function contains(range: OwnedRange, other: OwnedRange): boolean {
  if (range.bits >= other.bits || range.bytes.length !== other.bytes.length) return false;
  const whole = range.bits >> 3;
  for (let index = 0; index < whole; index += 1) if (range.bytes[index] !== other.bytes[index]) return false;
  const rest = 8 - (range.bits & 7);
  return rest === 8 || (range.bytes[whole] ?? 0) >> rest === (other.bytes[whole] ?? 0) >> rest;
}
