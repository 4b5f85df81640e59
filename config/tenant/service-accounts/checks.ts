import { having, otherName, problemAt, type TenantCheck } from "../declared-tenant.js";
import { foreignNamespaces } from "../namespaces/checks.js";
import { IDENTITY_ANNOTATIONS } from "./schema.js";

/** Service accounts in namespaces that are not the tenant's. */
export const accountNamespaceProblems: TenantCheck = (tenants) =>
  having(tenants, "namespace", "namespaces", "serviceAccounts").flatMap((tenant) =>
    foreignNamespaces(tenant, "serviceAccounts", tenant.spec.serviceAccounts),
  );

/** Service accounts with annotations that the stack does not let through. */
export const accountAnnotationProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { identityAnnotations } = settings.sound;
  if (identityAnnotations === undefined) return [];
  const allowed = [...IDENTITY_ANNOTATIONS, ...identityAnnotations];
  const message = `is no annotation of a cloud's identities that the stack knows (fleet:identityAnnotations of Pulumi.${stack}.yaml)`;
  return tenants.flatMap((tenant) =>
    Object.entries(tenant.sections.serviceAccounts).flatMap(([account, { annotations }]) =>
      Object.keys(annotations)
        .filter((key) => !allowed.includes(key))
        .map((key) => {
          const fix = otherName(key, allowed, `Use one of: ${allowed.join(", ")}`);
          return problemAt(tenant, ["serviceAccounts", account, "annotations", key], message, fix);
        }),
    ),
  );
};
