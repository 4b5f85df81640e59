import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile } from "../../files/location.js";
import { clusterDomainViolation, covers } from "../../rules/host-name.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck, type TenantsArgs } from "../declared-tenant.js";

/** Hosts that are taken: by another tenant, by the platform's webhooks, or by the cluster's own services. */
export const hostClashes: TenantCheck = (tenants, args) => [
  ...tenantClashes(tenants, args),
  ...having(tenants, "hosts").flatMap((tenant) => clusterClashes(tenant, args)),
];

/** Hosts in the domain of the stack's services: pods would reach these, and everybody else the tenant. */
function clusterClashes(tenant: DeclaredTenant<"hosts">, { settings }: TenantsArgs): Problem[] {
  const { clusterDomain } = settings.sound;
  if (clusterDomain === undefined) return [];
  return tenant.spec.hosts.flatMap((host, index) => {
    const violation = clusterDomainViolation(host, clusterDomain);
    if (violation === undefined) return [];
    return [problemAt(tenant, ["hosts", index], `${JSON.stringify(host)} ${violation.message}`, violation.fix)];
  });
}

/**
 * Hosts that two tenants of a stack would serve, be it that one has named a wildcard that stands for the other's; and
 * the host at which GitHub tells the platform of pushes. The controller would choose who gets the requests.
 */
const tenantClashes: TenantCheck = (tenants, { settings, stack }) => {
  // The owner is to be read after "is"; the platform's hosts have no tenant.
  const taken: { readonly host: string; readonly owner: string; readonly tenant?: string }[] = [];
  const { webhookUrl } = settings.sound;
  if (webhookUrl !== undefined) {
    const owner = `the platform's, where GitHub tells it of pushes (fleet:webhookUrl of Pulumi.${stack}.yaml)`;
    taken.push({ host: new URL(webhookUrl).hostname, owner });
  }
  return having(tenants, "hosts").flatMap((tenant) => {
    const { file } = definingFile(tenant, ["hosts"]);
    return tenant.spec.hosts.flatMap((host, index) => {
      const other = taken.find(
        (one) => one.tenant !== tenant.name && (covers(one.host, host) || covers(host, one.host)),
      );
      taken.push({ host, owner: `${tenant.name}'s already (${file})`, tenant: tenant.name });
      if (other === undefined) return [];
      const message = `${JSON.stringify(host)} ${relation(host, other.host)} ${other.owner}`;
      return [problemAt(tenant, ["hosts", index], message, "Give each host to one tenant only")];
    });
  });
};

function relation(host: string, other: string): string {
  if (host === other) return "is";
  return covers(other, host) ? `is below ${other}, which is` : `stands for ${other} too, which is`;
}
