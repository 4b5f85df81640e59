import type { FleetSpec } from "../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../config/names.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, findRepository } from "../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../lib/kubernetes/ownership-labels.js";
import type { StateIndex } from "../lib/state/stack-state.js";
import { basePermission, listWriters } from "./github.js";
import { mustBeAdopted } from "./repository-conflicts.js";

/** Who may change a repository, by its name in lower case: `ann (admin)`. */
export type Writers = ReadonlyMap<string, readonly string[]>;

/**
 * The people who may change each repository that the stack would take over without consent, for the message that asks
 * for it. One request for each, so usually none.
 * @throws FleetError with the repository and GitHub's answer
 */
export async function findWriters(
  spec: FleetSpec,
  state: StateIndex,
  repositories: ExistingRepositories,
  environment: Environment,
): Promise<Writers> {
  const { github, platform, tenants, tenantsElsewhere } = spec;
  const ofTenants = [...tenants, ...tenantsElsewhere].flatMap((tenant) => tenant.repositories);
  const managed = ofTenants.filter(({ existing }) => !existing).map(({ name }) => name);
  const names = [platform.repository.name, TENANT_TEMPLATE_REPOSITORY, ...managed].filter((name) => {
    const found = findRepository(repositories, name);
    return found?.topics.includes(GITHUB_OWNERSHIP_TOPIC) && mustBeAdopted(name, spec, state);
  });
  const people = names.map(async (name) => {
    return [name.toLowerCase(), await listWriters(github.owner, name, environment)] as const;
  });
  return new Map(await Promise.all(people));
}

/**
 * Checks that not every member of the organisation may push to every repository, the platform's included.
 * @throws FleetError when every member may, or with GitHub's answer
 * @see https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/setting-base-permissions-for-an-organization
 */
export async function checkBasePermission({ github }: FleetSpec, environment: Environment): Promise<void> {
  const permission = await basePermission(github.owner, environment);
  if (permission !== "write" && permission !== "admin") return;
  const message = `every member of ${github.owner} may push to every repository (base permission ${permission}), so also to the platform's and to those of other tenants`;
  const fix = "Set the base permission of the organisation to read or none, and give teams their repositories";
  throw fleetError("environment", "GITHUB_OWNER", message, fix);
}
