import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import type { ParsedTenant } from "../declared-tenant.js";
import { partPlace } from "../part-place.js";
import type { TenantsArgs } from "../read-tenants.js";
import { POD_SECURITY_LEVELS } from "./schema.js";

/** Namespaces whose level of Pod Security is below the one that the stack allows. */
export function podSecurityProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { podSecurityFloor: floor } = settings.sound;
  if (floor === undefined) return [];
  return tenants.flatMap((tenant) =>
    tenant.sections.namespaces.flatMap(({ name, podSecurity: level }, index) => {
      if (POD_SECURITY_LEVELS.indexOf(level) >= POD_SECURITY_LEVELS.indexOf(floor)) return [];
      const field = [...partPlace("namespace", index, name), "podSecurity"];
      return [
        {
          ...locationOf(definingFile(tenant, field), field),
          message: `${level} is below ${floor}, which Pulumi.${stack}.yaml has as the stack's floor (fleet:podSecurityFloor)`,
          fix: `Write ${floor}, or have the platform team lower the floor`,
        },
      ];
    }),
  );
}
