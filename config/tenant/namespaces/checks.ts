import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declares, definingFile } from "../../files/location.js";
import { tenantNamespace } from "../../rules/names.js";
import { clashes, type DeclaredTenant, having, problemAt, type TenantCheck, unknownName } from "../declared-tenant.js";
import { placedParts } from "../parts.js";
import { POD_SECURITY_LEVELS } from "./schema.js";

/** Namespaces that two tenants would have, or that no tenant can have. */
export const namespaceClashes: TenantCheck = (tenants) => {
  const claims = having(tenants, "namespace", "namespaces").flatMap((tenant) =>
    placedParts("namespace", tenant.spec.namespaces).map(({ name, namePlace: place }) => {
      // A name that is written down has been checked where it is written; one that follows from the tenant's has not.
      const isDerived = !declares(definingFile(tenant, place), place);
      return { tenant, name, place, violation: isDerived ? tenantNamespace.check(name) : undefined };
    }),
  );
  return [
    ...claims.flatMap(({ tenant, name, place, violation }) => {
      if (violation === undefined) return [];
      const message = `the tenant's name is also its namespace's, and ${JSON.stringify(name)} ${violation.message}`;
      return [problemAt(tenant, place, message, "Set namespace.name to another name")];
    }),
    ...clashes(
      claims.filter(({ violation }) => violation === undefined),
      { message: "is the namespace of", fix: "Give each tenant a namespace of its own" },
    ),
  ];
};

/** Namespaces whose level of Pod Security is below the one that the stack allows. */
export const podSecurityProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { podSecurityFloor: floor } = settings.sound;
  if (floor === undefined) return [];
  return tenants.flatMap((tenant) =>
    placedParts("namespace", tenant.sections.namespaces).flatMap(({ podSecurity: level, place }) => {
      if (POD_SECURITY_LEVELS.indexOf(level) >= POD_SECURITY_LEVELS.indexOf(floor)) return [];
      const message = `${level} is below ${floor}, which Pulumi.${stack}.yaml has as the stack's floor (fleet:podSecurityFloor)`;
      const fix = `Write ${floor}, or have the platform team lower the floor`;
      return [problemAt(tenant, [...place, "podSecurity"], message, fix)];
    }),
  );
};

/** Keys without a domain that controllers of a cluster obey: policy engines, a service mesh, selectors by name. */
const obeyedKeys = ["control-plane", "istio-injection", "name"];

/**
 * Labels and annotations that the stack does not let tenant files set. Controllers of a cluster obey those of a
 * namespace: a scheduler moves its pods to other nodes, and a policy engine leaves it out.
 */
export const namespaceKeyProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { namespaceKeys } = settings.sound;
  if (namespaceKeys === undefined) return [];
  const isAllowed = (key: string) => {
    const [domain, name] = key.split("/");
    if (namespaceKeys.includes(key)) return true;
    return name === undefined ? !obeyedKeys.includes(key) : namespaceKeys.includes(`${domain}/*`);
  };
  const message = `is not among the labels and annotations that the stack lets tenant files set (fleet:namespaceKeys of Pulumi.${stack}.yaml)`;
  return tenants.flatMap((tenant) =>
    placedParts("namespace", tenant.sections.namespaces).flatMap(({ labels, annotations, place }) =>
      Object.entries({ labels, annotations }).flatMap(([field, values]) =>
        Object.keys(values)
          .filter((key) => !isAllowed(key))
          .map((key) => {
            const fix =
              "Remove it, choose a key without a domain, or have the platform team add the key or DOMAIN/* to the setting";
            return problemAt(tenant, [...place, field, key], message, fix);
          }),
      ),
    ),
  );
};

/** Entries of a section that name a namespace which is not the tenant's. */
export function foreignNamespaces(
  tenant: DeclaredTenant<"namespace" | "namespaces">,
  section: string,
  entries: Readonly<Record<string, { readonly namespace: string }>>,
): Problem[] {
  const known = tenant.spec.namespaces.map(({ name }) => name);
  const message = `is no namespace of the tenant ${tenant.name}`;
  return Object.entries(entries).flatMap(([entry, { namespace }]) =>
    unknownName(tenant, [section, entry, "namespace"], namespace, { known, message }),
  );
}
