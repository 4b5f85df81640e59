import type { Problem } from "../../../lib/diagnostics/problem.js";
import { locationOf } from "../../files/location.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../../names.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import { partNamePlace } from "../part-place.js";
import type { TenantsArgs } from "../read-tenants.js";

/**
 * Repositories that two tenants, or a tenant and the platform, would have. They exist once for all stacks, so every base
 * file counts, whether this stack uses it or not.
 */
export function repositoryClashes(everywhere: readonly ParsedTenant[], { settings }: TenantsArgs): Problem[] {
  // GitHub's names differ by more than case.
  const takenBy = new Map([[TENANT_TEMPLATE_REPOSITORY, "the template of all tenants' repositories"]]);
  const { platformRepository } = settings.sound;
  if (platformRepository) takenBy.set(platformRepository.name.toLowerCase(), "the platform's own repository");
  return having(everywhere, "repository", "repositories").flatMap((tenant) =>
    tenant.spec.repositories.flatMap(({ name }, index) =>
      clash(tenant, name, partNamePlace("repository", index, name), takenBy),
    ),
  );
}

function clash(
  { name: tenant, base }: DeclaredTenant<"repository" | "repositories">,
  name: string,
  place: readonly string[],
  takenBy: Map<string, string>,
): Problem[] {
  const owner = takenBy.get(name.toLowerCase());
  if (owner === undefined) {
    takenBy.set(name.toLowerCase(), `the repository of ${tenant} (${base.file})`);
    return [];
  }
  const message = `${JSON.stringify(name)} is ${owner} already`;
  return [{ ...locationOf(base, place), message, fix: "Give each tenant a repository of its own" }];
}
