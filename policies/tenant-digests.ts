import { createHash } from "node:crypto";
import type { FleetSpec } from "../config/fleet-spec.js";
import { tenantForm } from "../config/tenant/tenant-form.js";
import { canonicalJson } from "../flux/release/manifest-digest.js";
import { serviceConnections } from "./service-connections.js";

/**
 * A digest for each tenant, of its files, of the stack's settings, and of its connections, on which other tenants decide, too.
 * A tenant with the digest of its last update needs no update. The order of keys in files is no part of it, nor are the values
 * of secrets, which the spec does not have.
 */
export function tenantDigests(spec: FleetSpec): Readonly<Record<string, string>> {
  // The rules of promotion, the stacks with pre-releases, consents for one update and ids to compare with change nothing of a tenant.
  const { tenants, tenantsElsewhere, ...rest } = spec;
  const {
    promotion: _promotion,
    scaffold,
    adopt: _adopt,
    repositoryIds: _ids,
    unreadableStacks: _unreadable,
    ...settings
  } = rest;
  // Promotion counts it as a setting. Without one, the digest stays that of an older version.
  const { chart } = scaffold;
  // All tenants have the same settings, which are long.
  const ofSettings = digestOf(canonicalJson(chart === undefined ? settings : { ...settings, scaffoldChart: chart }));
  const digest = (tenant: FleetSpec["tenants"][number], connections: object | null) =>
    [tenant.name, digestOf(canonicalJson([ofSettings, tenantForm(tenant), connections]))] as const;
  return Object.fromEntries([
    ...tenants.map((tenant) => digest(tenant, connectionsOf(tenant, spec))),
    ...tenantsElsewhere.map((tenant) => digest(tenant, null)),
  ]);
}

/** The connections of a tenant that runs on the stack, by name. */
function connectionsOf(tenant: FleetSpec["tenants"][number], spec: FleetSpec) {
  const { imports, exports } = serviceConnections(tenant, spec);
  const byName = (all: readonly { readonly name: string }[]) => Object.fromEntries(all.map((one) => [one.name, one]));
  return { imports: byName(imports), exports: byName(exports) };
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
