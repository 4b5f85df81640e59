import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

/** Sources of charts for which the tenant's own limits have no room: they count together with its other objects. */
export const helmProblems: TenantCheck = (tenants) =>
  having(tenants, "helm", "limits").flatMap((tenant) => {
    const { helm, namespaces } = tenant.spec;
    const room = namespaces[0].limits.fluxObjects;
    return Object.entries(helm).flatMap(([list, sources]) => {
      const count = Object.keys(sources).length;
      if (count <= room) return [];
      const message = `are ${count}, and limits.fluxObjects has room for ${room} of a kind`;
      return [problemAt(tenant, ["helm", list], message, "Raise limits.fluxObjects, or remove some")];
    });
  });
