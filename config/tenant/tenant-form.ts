import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import { type TenantSpec, tenantSections } from "./schema.js";

type Named = { readonly name: string };

/**
 * A complete tenant in the form of a base file, with every default written out. A tenant with this file, and no other
 * defaults, is the same on the same stack.
 */
export function tenantForm(spec: TenantSpec): PlainObject {
  const { namespaces, repositories, syncs, ...sections } = spec;
  const [{ limits, ...namespace }, ...otherNamespaces] = namespaces;
  const [repository, ...otherRepositories] = repositories;
  // The primary sync has the tenant's name, its primary repository and its primary namespace anyway.
  const [{ name: _name, repository: _repository, namespace: _namespace, ...sync }, ...otherSyncs] = syncs;
  const form: Readonly<Record<string, unknown>> = {
    ...sections,
    namespace,
    limits,
    namespaces: byName(otherNamespaces),
    repository,
    repositories: byName(otherRepositories),
    sync,
    syncs: byName(otherSyncs),
  };
  const known = Object.keys(tenantSections.shape).filter((section) => form[section] !== undefined);
  return Object.fromEntries(known.map((section) => [section, form[section] as PlainValue]));
}

function byName<Part extends Named>(parts: readonly Part[]): Readonly<Record<string, Omit<Part, "name">>> {
  return Object.fromEntries(parts.map(({ name, ...part }) => [name, part]));
}

/** The values of plain data that are no maps with keys, each with its place. */
export function leavesOf(
  value: PlainValue,
  place: readonly string[] = [],
): (readonly [readonly string[], PlainValue])[] {
  if (!isPlainObject(value) || Object.keys(value).length === 0) return [[place, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...place, key]));
}
