import { HOSTS_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import { tenantNamespaceObjects } from "./objects.js";
import type { JudgedPlan, Rule } from "./rule.js";

/** Hosts that tenants serve. */
export const foreignHosts: Rule = {
  name: "foreign-hosts",
  level: "mandatory",
  title: "no host of a tenant covers a host of another one",
  reason: "a tenant that serves its neighbour's host receives the neighbour's traffic",
  fix: "name in each tenant's hosts only what it serves",
  violations: ({ plan }) => {
    const owned = hostsOf(plan);
    return owned.flatMap(({ resource, host }) =>
      owned
        .filter((other) => other.resource.tenant !== resource.tenant && covers(host, other.host))
        .map((other) => ({
          resource,
          field: ["hosts"],
          message: `the host ${host} of ${resource.tenant} covers ${other.host} of ${other.resource.tenant}`,
        })),
    );
  },
};

interface OwnedHost {
  readonly resource: PlannedResource;
  readonly host: string;
}

/** Each host of each tenant once: all namespaces of a tenant carry the same hosts. */
function hostsOf(plan: JudgedPlan): OwnedHost[] {
  const owned = tenantNamespaceObjects(plan).flatMap((resource) =>
    textAt(resource, "metadata", "annotations", HOSTS_ANNOTATION)
      .split(",")
      .flatMap((host) => (host.trim() === "" ? [] : [{ resource, host: host.trim().toLowerCase() }])),
  );
  return [...new Map(owned.map((one) => [JSON.stringify([one.resource.tenant, one.host]), one])).values()];
}

/** Whether a host serves all that another one serves: the same, or below its wildcard. */
function covers(host: string, other: string): boolean {
  return host === other || (host.startsWith("*.") && other.replace(/^\*/, "").endsWith(host.slice(1)));
}
