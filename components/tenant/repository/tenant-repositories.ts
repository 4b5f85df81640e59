import type * as pulumi from "@pulumi/pulumi";
import { resourcesOf } from "../../../config/tenant/parts.js";
import type { RepositoryIds } from "../../github/repository.js";
import { TenantRepository, type TenantRepositoryArgs } from "./tenant-repository.js";
import { TenantTeam } from "./tenant-team.js";

/** GitHub's ids of the repositories that this stack manages, by their names. */
export function idsOf(repositories: ReadonlyMap<string, TenantRepository>): RepositoryIds {
  return Object.assign({}, ...[...repositories.values()].map(({ repository }) => repository.ids));
}

/** Registers a tenant's team and its repositories. @returns the repositories by their name on GitHub */
export function tenantRepositories(
  name: string,
  args: Omit<TenantRepositoryArgs, "repository" | "teamId">,
  parent: pulumi.Resource,
): ReadonlyMap<string, TenantRepository> {
  const { tenant, spec } = args;
  const opts = { parent };
  // Another stack may manage the team.
  const team = spec.github.ownsRepositories ? tenant.team : undefined;
  const teamId = team && new TenantTeam(`${name}-team`, { ...args, team }, opts).teamId;
  const repositories = resourcesOf(tenant).repositories.map(({ resourceName, repository }) => {
    return [repository.name, new TenantRepository(resourceName, { ...args, repository, teamId }, opts)] as const;
  });
  return new Map(repositories);
}
