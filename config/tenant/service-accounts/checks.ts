import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import { foreignNamespaces } from "../namespaces/clashes.js";
import type { TenantsArgs } from "../read-tenants.js";
import { IDENTITY_ANNOTATIONS } from "./schema.js";

/** Service accounts in namespaces that are not the tenant's, or with annotations that the stack does not let through. */
export function accountProblems(tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  return [
    ...having(tenants, "namespace", "namespaces", "serviceAccounts").flatMap((tenant) =>
      foreignNamespaces(tenant, "serviceAccounts", tenant.spec.serviceAccounts),
    ),
    ...annotationProblems(tenants, args),
  ];
}

function annotationProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { identityAnnotations } = settings.sound;
  if (identityAnnotations === undefined) return [];
  const allowed = [...IDENTITY_ANNOTATIONS, ...identityAnnotations];
  return tenants.flatMap((tenant) =>
    Object.entries(tenant.sections.serviceAccounts).flatMap(([account, { annotations }]) =>
      Object.keys(annotations)
        .filter((key) => !allowed.includes(key))
        .map((key) => {
          const place = ["serviceAccounts", account, "annotations", key];
          return {
            ...locationOf(definingFile(tenant, place), place),
            message: `is no annotation of a cloud's identities that the stack knows (fleet:identityAnnotations of Pulumi.${stack}.yaml)`,
            fix: didYouMean(nearMatches(key, allowed), `Use one of: ${allowed.join(", ")}`),
          };
        }),
    ),
  );
}
