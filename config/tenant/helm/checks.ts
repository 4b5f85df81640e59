import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";

/** Sources of charts for which the tenant's own limits have no room: they count together with its other objects. */
export function helmProblems(tenants: readonly ParsedTenant[]): Problem[] {
  return having(tenants, "helm", "limits").flatMap((tenant) => {
    const { helm, namespaces } = tenant.spec;
    const room = namespaces[0].limits.fluxObjects;
    return Object.entries(helm).flatMap(([list, sources]) => {
      const count = Object.keys(sources).length;
      if (count <= room) return [];
      const place = ["helm", list];
      const message = `are ${count}, and limits.fluxObjects has room for ${room} of a kind`;
      const fix = "Raise limits.fluxObjects, or remove some";
      return [{ ...locationOf(definingFile(tenant, place), place), message, fix }];
    });
  });
}
