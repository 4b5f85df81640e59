import { definingFile } from "../../files/location.js";
import type { TenantFiles } from "../../files/tenant-files.js";
import {
  type DeclaredTenant,
  having,
  otherName,
  problemAt,
  type TenantCheck,
  type TenantsArgs,
} from "../declared-tenant.js";
import { foreignNamespaces } from "../namespaces/checks.js";
import type { TenantSpec } from "../schema.js";
import { EVERY_TENANT } from "./schema.js";

type Fault = readonly [message: string, fix: string];

/** Exports and imports in namespaces that are not the tenant's. */
export const serviceNamespaceProblems: TenantCheck = (tenants) =>
  (["exports", "imports"] as const).flatMap((section) =>
    having(tenants, "namespace", "namespaces", section).flatMap((tenant) =>
      foreignNamespaces(tenant, section, tenant.spec[section]),
    ),
  );

/** Exports of the platform. Values are not repeated: in a stack's configuration, any of them could be a secret. */
export const platformExportProblems: TenantCheck = (tenants, { files, settings, stack }) => {
  const taken = having(tenants, "namespace", "namespaces").flatMap(({ spec }) =>
    spec.namespaces.map(({ name }) => name),
  );
  return Object.entries(settings.sound.exports ?? {}).flatMap(([name, { namespace, to }]) => {
    const problem = (field: string, ...[message, fix]: Fault) => {
      return { file: `Pulumi.${stack}.yaml`, path: `fleet:exports.${name}.${field}`, message, fix };
    };
    const unknown = to.flatMap((tenant, index) => {
      if (tenant === EVERY_TENANT || files.base.has(tenant)) return [];
      return [problem(`to[${index}]`, "is no tenant", "Name a tenant of stacks/base/tenants, or *")];
    });
    if (!taken.includes(namespace)) return unknown;
    const fix = "Have the tenant export it";
    return [...unknown, problem("namespace", "is a tenant's, and not the platform's to export", fix)];
  });
};

/** Exports to what is no other tenant. */
export const exportProblems: TenantCheck = (tenants, { files }) =>
  tenants.flatMap((tenant) =>
    Object.entries(tenant.sections.exports).flatMap(([name, { to }]) =>
      to.flatMap((other, index) => {
        const fault = nameFault(tenant.name, other, files);
        return fault ? [problemAt(tenant, ["exports", name, "to", index], ...fault)] : [];
      }),
    ),
  );

/** A way to another tenant needs the consent of both: this one's import, and its name in the other one's export. */
export const importProblems: TenantCheck = (tenants, args) =>
  tenants.flatMap((tenant) =>
    Object.entries(tenant.sections.imports).flatMap(([name, imported]) => {
      const [field, fault] = importFault(tenant.name, imported, tenants, args);
      return fault ? [problemAt(tenant, ["imports", name, field], ...fault)] : [];
    }),
  );

function importFault(
  importer: string,
  { tenant, export: name, platform }: TenantSpec["imports"][string],
  ...[tenants, args]: Parameters<TenantCheck>
): readonly [field: string, Fault | undefined] {
  if (platform !== undefined) return ["platform", platformFault(importer, platform, args)];
  if (tenant === undefined || name === undefined) throw new Error(`an import of ${importer} has no origin`);
  const { files, stack } = args;
  const unknown = nameFault(importer, tenant, files);
  if (unknown !== undefined) return ["tenant", unknown];
  if (!tenants.some((one) => one.name === tenant)) {
    const message = `${tenant} is not on the stack ${stack}: there is no stacks/${stack}/tenants/${tenant}.yaml`;
    return ["tenant", [message, `Write null for the import in the overlay of ${importer}`]];
  }
  const exporter = having(tenants, "exports").find((one) => one.name === tenant);
  return ["export", exporter && exportFault(importer, exporter, name)];
}

function exportFault(importer: string, exporter: DeclaredTenant<"exports">, name: string): Fault | undefined {
  const { name: other, spec } = exporter;
  const exported = new Map(Object.entries(spec.exports)).get(name);
  const { file } = definingFile(exporter, exported === undefined ? ["exports"] : ["exports", name, "to"]);
  if (exported === undefined) {
    const fix = otherName(name, Object.keys(spec.exports), `Have ${other} export it, or remove the import`);
    return [`${other} exports no ${JSON.stringify(name)} (${file})`, fix];
  }
  if (exported.to.includes(importer)) return undefined;
  const message = `${other} does not list ${importer} in exports.${name}.to (${file})`;
  return [message, `Have ${other} add it there, or remove the import`];
}

function platformFault(importer: string, name: string, { settings, stack }: TenantsArgs): Fault | undefined {
  const { exports } = settings.sound;
  if (exports === undefined) return undefined;
  const file = `Pulumi.${stack}.yaml`;
  const exported = new Map(Object.entries(exports)).get(name);
  if (exported === undefined) {
    const fix = otherName(name, Object.keys(exports), "Ask the platform team for it, or remove the import");
    return [`the platform exports no ${JSON.stringify(name)} (fleet:exports of ${file})`, fix];
  }
  if (exported.to.includes(EVERY_TENANT) || exported.to.includes(importer)) return undefined;
  const message = `the platform does not list ${importer} in fleet:exports.${name}.to (${file})`;
  return [message, "Ask the platform team to add it there, or remove the import"];
}

/** Why a tenant cannot name this one as another tenant. */
function nameFault(tenant: string, other: string, files: TenantFiles): Fault | undefined {
  if (other === tenant) return ["is the tenant itself, whose pods reach each other anyway", "Remove it"];
  if (files.base.has(other)) return undefined;
  const fix = otherName(other, files.base.keys(), "Name a tenant of stacks/base/tenants");
  return [`there is no tenant ${JSON.stringify(other)}`, fix];
}
