import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import type { TenantFiles } from "../../files/tenant-files.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import { foreignNamespaces, namespacesOf } from "../namespaces/clashes.js";
import type { TenantsArgs } from "../read-tenants.js";
import type { TenantSpec } from "../schema.js";
import { EVERY_TENANT } from "./schema.js";

type Fault = Pick<Problem, "message" | "fix">;

/** The problems between the services that tenants and the platform export and those that tenants import. */
export function serviceProblems(tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  return [
    ...platformProblems(tenants, args),
    ...(["exports", "imports"] as const).flatMap((section) =>
      having(tenants, "namespace", "namespaces", section).flatMap((tenant) =>
        foreignNamespaces(tenant, section, tenant.spec[section]),
      ),
    ),
    ...tenants.flatMap((tenant) => exportProblems(tenant, args)),
    ...tenants.flatMap((tenant) => importProblems(tenant, tenants, args)),
  ];
}

/** Values are not repeated: in a stack's configuration, any of them could be a secret. */
function platformProblems(tenants: readonly ParsedTenant[], { files, settings, stack }: TenantsArgs): Problem[] {
  const file = `Pulumi.${stack}.yaml`;
  const namespaces = having(tenants, "namespace", "namespaces").flatMap(namespacesOf);
  return Object.entries(settings.sound.exports ?? {}).flatMap(([name, { namespace, to }]) => {
    const path = `fleet:exports.${name}`;
    const listed = to.flatMap((tenant, index) =>
      tenant === EVERY_TENANT || files.base.has(tenant)
        ? []
        : [
            {
              file,
              path: `${path}.to[${index}]`,
              message: "is no tenant",
              fix: "Name a tenant of stacks/base/tenants, or *",
            },
          ],
    );
    const fix = "Have the tenant export it";
    const taken = { file, path: `${path}.namespace`, message: "is a tenant's, and not the platform's to export", fix };
    return [...listed, ...(namespaces.some((one) => one.name === namespace) ? [taken] : [])];
  });
}

function exportProblems(tenant: ParsedTenant, { files }: TenantsArgs): Problem[] {
  return Object.entries(tenant.sections.exports).flatMap(([name, { to }]) =>
    to.flatMap((other, index) => {
      const place = ["exports", name, "to"];
      const fault = nameFault(tenant.name, other, files);
      return fault ? [{ ...locationOf(definingFile(tenant, place), [...place, index]), ...fault }] : [];
    }),
  );
}

/** A way to another tenant needs the consent of both: this one's import, and its name in the other one's export. */
function importProblems(tenant: ParsedTenant, tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  return Object.entries(tenant.sections.imports).flatMap(([name, imported]) => {
    const { field, fault } = importFault(tenant.name, imported, tenants, args);
    const place = ["imports", name, field];
    return fault ? [{ ...locationOf(definingFile(tenant, place), place), ...fault }] : [];
  });
}

function importFault(
  importer: string,
  { tenant, export: name, platform }: TenantSpec["imports"][string],
  tenants: readonly ParsedTenant[],
  args: TenantsArgs,
): { readonly field: string; readonly fault: Fault | undefined } {
  if (platform !== undefined) return { field: "platform", fault: platformFault(importer, platform, args) };
  if (tenant === undefined || name === undefined) throw new Error(`an import of ${importer} has no origin`);
  const { files, stack } = args;
  const isOnStack = tenants.some((one) => one.name === tenant);
  const absent = {
    message: `${tenant} is not on the stack ${stack}: there is no stacks/${stack}/tenants/${tenant}.yaml`,
    fix: `Write null for the import in the overlay of ${importer}`,
  };
  const wrongTenant = nameFault(importer, tenant, files) ?? (isOnStack ? undefined : absent);
  if (wrongTenant !== undefined) return { field: "tenant", fault: wrongTenant };
  const exporter = having(tenants, "exports").find((one) => one.name === tenant);
  return { field: "export", fault: exporter && exportFault(importer, exporter, name) };
}

function exportFault(importer: string, exporter: DeclaredTenant<"exports">, name: string): Fault | undefined {
  const { name: other, spec } = exporter;
  const exported = Object.hasOwn(spec.exports, name) ? spec.exports[name] : undefined;
  if (exported === undefined) {
    const { file } = definingFile(exporter, ["exports"]);
    const near = nearMatches(name, Object.keys(spec.exports));
    return {
      message: `${other} exports no ${JSON.stringify(name)} (${file})`,
      fix: didYouMean(near, `Have ${other} export it, or remove the import`),
    };
  }
  if (exported.to.includes(importer)) return undefined;
  const { file } = definingFile(exporter, ["exports", name, "to"]);
  return {
    message: `${other} does not list ${importer} in exports.${name}.to (${file})`,
    fix: `Have ${other} add it there, or remove the import`,
  };
}

function platformFault(importer: string, name: string, { settings, stack }: TenantsArgs): Fault | undefined {
  const { exports } = settings.sound;
  if (exports === undefined) return undefined;
  const file = `Pulumi.${stack}.yaml`;
  const exported = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (exported === undefined) {
    const near = nearMatches(name, Object.keys(exports));
    const fix = didYouMean(near, "Ask the platform team for it, or remove the import");
    return { message: `the platform exports no ${JSON.stringify(name)} (fleet:exports of ${file})`, fix };
  }
  if (exported.to.includes(EVERY_TENANT) || exported.to.includes(importer)) return undefined;
  return {
    message: `the platform does not list ${importer} in fleet:exports.${name}.to (${file})`,
    fix: "Ask the platform team to add it there, or remove the import",
  };
}

/** Why a tenant cannot name this one as another tenant. */
function nameFault(tenant: string, other: string, files: TenantFiles): Fault | undefined {
  if (other === tenant) {
    return { message: "is the tenant itself, whose pods reach each other anyway", fix: "Remove it" };
  }
  if (files.base.has(other)) return undefined;
  const fix = didYouMean(nearMatches(other, files.base.keys()), "Name a tenant of stacks/base/tenants");
  return { message: `there is no tenant ${JSON.stringify(other)}`, fix };
}
