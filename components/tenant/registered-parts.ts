import type * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import type { TenantResources } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { type Labels, tenantLabels } from "../../lib/kubernetes/ownership-labels.js";
import type { TenantNamespace } from "./namespace/tenant-namespace.js";
import type { TenantRepository } from "./repository/tenant-repository.js";

/** A tenant, and the stack that it belongs to. */
export interface TenantContext {
  readonly tenant: TenantSpec;
  readonly spec: FleetSpec;
}

/** A tenant whose namespaces and repositories are registered, so that its other resources can refer to them. */
export interface RegisteredParts extends TenantContext {
  /** Everything that the tenant file declares. */
  readonly resources: TenantResources;
  /** Registered repositories by their name on GitHub. */
  readonly repositories: ReadonlyMap<string, TenantRepository>;
  /** Registered namespaces by their name. */
  readonly namespaces: ReadonlyMap<string, TenantNamespace>;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/** Labels of every object that the platform creates for a tenant. */
export function labelsOf({ tenant, spec }: TenantContext): Labels {
  return tenantLabels(spec.stack, tenant.name);
}

/** The repository that every tenant has. */
export function primaryRepository({ repositories, tenant }: RegisteredParts): TenantRepository {
  return mustGet(repositories, tenant.repositories[0].name);
}

/** The namespace that every tenant has. */
export function primaryNamespace({ namespaces, tenant }: RegisteredParts): TenantNamespace {
  return mustGet(namespaces, tenant.namespaces[0].name);
}

/**
 * The value of a key.
 * @throws Error for an unknown key. The loader has refused such a reference before
 */
export function mustGet<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`a resource of a tenant refers to ${key}, which the tenant does not have`);
  return value;
}
