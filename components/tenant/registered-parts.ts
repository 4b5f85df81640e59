import type { TenantNamespace } from "./namespace/tenant-namespace.js";
import type { TenantRepository } from "./repository/tenant-repository.js";

/** Labels of everything that the platform owns of a tenant. */
export type Labels = Readonly<Record<string, string>>;

/** What of a tenant is registered before its syncs, and what these are made from. */
export interface RegisteredParts {
  /** By their names at GitHub. */
  readonly repositories: ReadonlyMap<string, TenantRepository>;
  /** By their names. */
  readonly namespaces: ReadonlyMap<string, TenantNamespace>;
  readonly labels: Labels;
}

/** What a part of a tenant refers to; the loader has made sure that it is there. */
export function mustGet<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`a tenant's part refers to ${key}, which is none of its parts`);
  return value;
}
