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
    return ranges.flatMap(({ resource, range }) =>
      ranges
        .filter((other) => other.resource.tenant !== resource.tenant && contains(range, other.range))
        .map((other) => ({
          resource,
          field: ["network", "egress"],
          message: `${resource.tenant} may reach ${range}, which contains ${other.range} of ${other.resource.tenant}`,
        })),
    );
  },
};

interface OwnedRange {
  readonly resource: PlannedResource;
  readonly range: string;
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
  return distinct.filter(
    ({ range }) => tenants === 1 || distinct.filter((other) => other.range === range).length < tenants,
  );
}

/** Whether a range is larger than another one and contains it. */
function contains(range: string, other: string): boolean {
  if (!ipaddr.isValidCIDR(range) || !ipaddr.isValidCIDR(other)) return false;
  const [[address, bits], [otherAddress, otherBits]] = [ipaddr.parseCIDR(range), ipaddr.parseCIDR(other)];
  return address.kind() === otherAddress.kind() && bits < otherBits && otherAddress.match(address, bits);
}
