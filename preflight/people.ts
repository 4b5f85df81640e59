import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { type ExistingGitHub, type ExistingRepositories, findRepository } from "../lib/github/existing.js";
import { isSameNode } from "../lib/github/node-id.js";
import { isManagedByFleet } from "../lib/github/team.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../lib/kubernetes/ownership-labels.js";
import type { StateIndex } from "../lib/state/stack-state.js";
import { listTeamMembers, listWriters, type Organisation, readOrganisation } from "./github.js";
import { expectedId, managedNames, type OwnerStack } from "./owner-stack.js";
import { mustBeAdopted } from "./repository-conflicts.js";

/** Who may change a repository, by its name in lower case: `ann (admin)`. */
export type Writers = ReadonlyMap<string, readonly string[]>;

/** The known facts of the repositories that exist. */
interface KnownRepositories {
  readonly repositories: ExistingRepositories;
  readonly stated: StateIndex;
  readonly owner: OwnerStack;
}

/**
 * The people who may change each repository that the stack would take over, or use, without consent, for the message
 * that asks for it. One request for each, so usually none.
 * @throws FleetError with the repository and GitHub's answer
 */
export async function findWriters(
  spec: FleetSpec,
  known: KnownRepositories,
  environment: Environment,
): Promise<Writers> {
  const people = unprovenNames(spec, known).map(async (name) => {
    return [name.toLowerCase(), await listWriters(spec.github.owner, name, environment)] as const;
  });
  return new Map(await Promise.all(people));
}

/** Names of existing repositories with fleet's topic of which no state and no setting says that they are fleet's. */
function unprovenNames(spec: FleetSpec, { repositories, stated, owner }: KnownRepositories): string[] {
  const { platform, tenants, tenantsElsewhere } = spec;
  const ofTenants = [...tenants, ...tenantsElsewhere].flatMap((tenant) => tenant.repositories);
  const managed = ofTenants.filter(({ existing }) => !existing).map(({ name }) => name);
  const templates = usedScaffolds(spec, stated.managed).map(templateRepository);
  const own = [platform.repository.name, ...templates, ...managed];
  const marked = (name: string) => {
    const found = findRepository(repositories, name);
    return found?.topics.includes(GITHUB_OWNERSHIP_TOPIC) ? found : undefined;
  };
  return [
    ...own.filter((name) => marked(name) && mustBeAdopted(name, spec, stated)),
    ...managedNames(spec).filter((name) => {
      const found = marked(name);
      return found && !isSameNode(found.nodeId, expectedId(name, spec, { owner, stated }));
    }),
  ];
}

/** The members of teams by the teams' addresses: `bob (maintainer)`. */
export type TeamMembers = ReadonlyMap<string, readonly string[]>;

/** Whether a team may be taken over by consent only. */
export function mustAdoptTeam(
  { name, existing }: NonNullable<FleetSpec["tenants"][number]["team"]>,
  { adopt }: Pick<FleetSpec, "adopt">,
  stated: Pick<StateIndex, "teams">,
): boolean {
  return !existing && !stated.teams.has(name) && !adopt.teams.includes(name);
}

/**
 * The members of each team with fleet's mark that the stack would take over without consent, for the message that asks
 * for it. Two requests for each, so usually none.
 * @throws FleetError with the team and GitHub's answer
 */
export async function findTeamMembers(
  spec: FleetSpec,
  { teams, stated }: { readonly teams: ExistingGitHub["teams"]; readonly stated: StateIndex },
  environment: Environment,
): Promise<TeamMembers> {
  const declared = [...spec.tenants, ...spec.tenantsElsewhere].flatMap(({ team }) => team ?? []);
  const names = declared.filter((team) => mustAdoptTeam(team, spec, stated)).map(({ name }) => name);
  const marked = names.filter((name) => {
    const found = teams.get(name);
    return found && isManagedByFleet(found);
  });
  const members = marked.map(async (name) => {
    return [name, await listTeamMembers(spec.github.owner, name, environment)] as const;
  });
  return new Map(await Promise.all(members));
}

/**
 * Reads the organisation, and checks that not every member of it may push to every repository, the platform's included.
 * @throws FleetError when every member may, or with GitHub's answer
 * @see https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/setting-base-permissions-for-an-organization
 */
export async function checkOrganisation({ github }: FleetSpec, environment: Environment): Promise<Organisation> {
  const organisation = await readOrganisation(github.owner, environment);
  const { basePermission: permission } = organisation;
  if (permission !== "write" && permission !== "admin") return organisation;
  const message = `every member of ${github.owner} may push to every repository (base permission ${permission}), so also to the platform's and to those of other tenants`;
  const fix = "Set the base permission of the organisation to read or none, and give teams their repositories";
  throw fleetError("environment", "GITHUB_OWNER", message, fix);
}
