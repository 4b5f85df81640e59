import type { DeepReadonly } from "../../../lib/data/freeze.js";
import type { TenantSpec } from "../schema.js";

/** The kinds of first files that a new repository can start with. */
export const SCAFFOLDS = ["kustomize", "helm", "minimal"] as const;

/** A kind of first files. */
export type Scaffold = (typeof SCAFFOLDS)[number];

/** The kind that a repository starts with unless its tenant file names another one. */
export const DEFAULT_SCAFFOLD = "kustomize" satisfies Scaffold;

/** Start of the names of template repositories, and the name of that of {@link DEFAULT_SCAFFOLD}. */
const template = "tenant-template";

/** Name of the template repository of a kind. No tenant can have it. */
export function templateRepository(scaffold: Scaffold): string {
  return scaffold === DEFAULT_SCAFFOLD ? template : `${template}-${scaffold}`;
}

/** Names of all template repositories, whether a tenant uses them or not. */
export const TEMPLATE_REPOSITORIES: readonly string[] = SCAFFOLDS.map(templateRepository);

/** Tenants, as far as their repositories decide about templates. */
interface Tenants {
  readonly tenants: readonly DeepReadonly<Pick<TenantSpec, "repositories">>[];
  readonly tenantsElsewhere: readonly DeepReadonly<Pick<TenantSpec, "repositories">>[];
}

/**
 * The kinds that need a template: the default one, which every fleet has, and those that tenants name. A template stays
 * once it exists: a tenant that names its kind later would otherwise meet a repository that the state does not have.
 * @param managed the stack's repositories, by their name in lower case
 */
export function usedScaffolds(spec: Tenants, managed: ReadonlyMap<string, unknown>): readonly Scaffold[] {
  const repositories = [...spec.tenants, ...spec.tenantsElsewhere].flatMap((tenant) => tenant.repositories);
  const named = new Set(repositories.map(({ existing, scaffold }) => (existing ? false : scaffold)));
  return SCAFFOLDS.filter(
    (scaffold) => scaffold === DEFAULT_SCAFFOLD || named.has(scaffold) || managed.has(templateRepository(scaffold)),
  );
}
