import { createHash } from "node:crypto";
import type { FleetSpec } from "../fleet-spec.js";

/**
 * A digest for each tenant, of its files and of the stack's settings. A tenant with the digest of its last update needs no
 * update. The values of secrets are no part of it, because the spec does not have them.
 */
export function tenantDigests(spec: FleetSpec): Readonly<Record<string, string>> {
  // The rules of promotion, first files, consents for one update and ids to compare with change nothing of a tenant.
  const { tenants, tenantsElsewhere, ...rest } = spec;
  const {
    promotion: _promotion,
    scaffold: _scaffold,
    adopt: _adopt,
    repositoryIds: _ids,
    unreadableStacks: _unreadable,
    ...settings
  } = rest;
  const digest = (runsHere: boolean) => (tenant: FleetSpec["tenants"][number]) =>
    [tenant.name, digestOf([settings, runsHere, tenant])] as const;
  return Object.fromEntries([...tenants.map(digest(true)), ...tenantsElsewhere.map(digest(false))]);
}

/**
 * A digest for each tenant of all that decides about objects of other tenants and about shared parts: where it runs, its
 * connections, the default branches of its repositories (the admission policy of image automation) and the kinds of their
 * first files (templates).
 */
export function sharedDigests({ tenants, tenantsElsewhere }: FleetSpec): Readonly<Record<string, string>> {
  const digest = (runsHere: boolean) => (tenant: FleetSpec["tenants"][number]) => {
    const { name, exports, imports } = tenant;
    const repositories = tenant.repositories.map(({ existing, scaffold, defaultBranch }) => {
      return [existing, scaffold, defaultBranch];
    });
    return [name, digestOf([runsHere, exports, imports, repositories])] as const;
  };
  return Object.fromEntries([...tenants.map(digest(true)), ...tenantsElsewhere.map(digest(false))]);
}

/** The first half of the SHA-256 of plain data: enough to notice a change. */
export function digestOf(data: unknown): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 32);
}
