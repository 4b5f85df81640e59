import type * as pulumi from "@pulumi/pulumi";
import type { TenantResources } from "../../config/tenant/parts.js";
import type { Scaffold } from "../../config/tenant/repositories/scaffolds.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { tenantLabels } from "../../lib/kubernetes/ownership-labels.js";
import { shardingLabels } from "../../lib/kubernetes/shards.js";
import type { FleetArgs, SecretValues } from "../fleet-args.js";
import type { TenantNamespace } from "./namespace/tenant-namespace.js";
import type { TenantRepository } from "./repository/tenant-repository.js";

/** A tenant, and the existing cluster and GitHub objects that it will use. */
export interface TenantArgs extends Pick<FleetArgs, "spec" | "existing" | "state" | "keyDates"> {
  readonly tenant: TenantSpec;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
  /** Values of the tenant's secrets in the stack's configuration, always as a secret output. */
  readonly secrets: pulumi.Output<SecretValues>;
  /** Values of the tenant's tokens by use, as a secret output. Undefined for a tenant that Flux clones by SSH. */
  readonly gitTokens: pulumi.Output<SecretValues> | undefined;
  /** Values of the Secrets that all tenants have, by object and key, as a secret output. */
  readonly commonSecrets: pulumi.Output<Readonly<Record<string, SecretValues>>>;
  /** Values of the stack's credentials for registries, by credential and field, as a secret output. */
  readonly pullSecrets: pulumi.Output<Readonly<Record<string, SecretValues>>>;
  /** Resources that outlive the tenant's syncs: controllers, admission policies, roles, infrastructure. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Resources that must exist before a repository is generated from the template of its kind. */
  readonly templateDependencies: ReadonlyMap<Scaffold, readonly pulumi.Resource[]>;
}

/** A tenant whose namespaces and repositories are registered, so that its other resources can refer to them. */
export interface RegisteredParts extends TenantArgs {
  /** Everything that the tenant file declares. */
  readonly resources: TenantResources;
  /** Registered repositories by their name on GitHub. */
  readonly repositories: ReadonlyMap<string, TenantRepository>;
  /** Registered namespaces by their name. */
  readonly namespaces: ReadonlyMap<string, TenantNamespace>;
}

/** The repository of a name. @default - the primary one, which every tenant has */
export function repositoryOf(parts: RegisteredParts, name = parts.tenant.repositories[0].name): TenantRepository {
  return mustGet(parts.repositories, name);
}

/** The namespace of a name. @default - the primary one, which every tenant has */
export function namespaceOf(parts: RegisteredParts, name = parts.tenant.namespaces[0].name): TenantNamespace {
  return mustGet(parts.namespaces, name);
}

/** Metadata of an object in one of a tenant's namespaces. */
export type Metadata = ReturnType<typeof metadataOf>;

/**
 * Metadata of an object that the platform creates for a tenant. The name of the namespace is plain text, by which the
 * object is found in the state, so the object must depend on the namespace: {@link inNamespace}.
 * @param namespace @default - the primary one
 */
export function metadataOf(parts: RegisteredParts, name: string, namespace = parts.tenant.namespaces[0].name) {
  return { name, namespace, labels: tenantLabels(parts.spec.stack, parts.tenant.name) };
}

/** As {@link metadataOf}, of an object of Flux's kinds that the controllers of the tenant's shard reconcile. */
export function shardedMetadataOf(parts: RegisteredParts, name: string, namespace?: string): Metadata {
  const metadata = metadataOf(parts, name, namespace);
  return { ...metadata, labels: { ...metadata.labels, ...shardingLabels(parts.tenant.shard) } };
}

/** Options of an object in a tenant's namespace. @param namespace @default - the primary one */
export function inNamespace(
  parts: RegisteredParts,
  parent: pulumi.Resource,
  namespace?: string,
): pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] } {
  return { parent, dependsOn: [namespaceOf(parts, namespace).object] };
}

/** The value of a key. @throws Error for an unknown key. The loader has refused such a reference before */
export function mustGet<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`a resource of a tenant refers to ${key}, which the tenant does not have`);
  return value;
}
