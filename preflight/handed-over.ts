import type { FleetSpec } from "../config/fleet-spec.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import { isSameNode } from "../lib/github/node-id.js";
import {
  handedOverComponent,
  leavingComponent,
  nameInUrn,
  repositoryComponent,
  repositoryType,
  rulesetType,
  type StatedResource,
  type StateIndex,
  teamComponent,
  teamType,
} from "../lib/state/stack-state.js";

/** Types of which each cluster has its own, whichever stack manages the repository. */
const ofCluster = [
  "github:index/repositoryDeployKey:RepositoryDeployKey",
  "github:index/repositoryWebhook:RepositoryWebhook",
];

/** Whether a resource stands below a component of a type. */
export function isBelow({ urn }: StatedResource, component: string): boolean {
  return urn.includes(`${component}$`);
}

/**
 * The resources of GitHub in the state that stay on GitHub although this stack does not manage them any more: another
 * stack does (`fleet:repositoryOwner`), or their owner (`existing: true`). Teams are compared by address and by GitHub's
 * id, because the tenant may have another name than before, and the team another address.
 * @param existing teams on GitHub
 */
export function findHandedOver(
  { github, ...spec }: FleetSpec,
  state: StateIndex,
  existing: ExistingGitHub["teams"],
): StatedResource[] {
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  const managed = state.github.filter((one) => !isBelow(one, handedOverComponent) && !ofCluster.includes(one.type));
  if (!github.ownsRepositories) return managed;
  const unmanaged = tenants.flatMap(({ repositories }) => repositories.filter((repository) => repository.existing));
  const repositories = new Set(unmanaged.map(({ name }) => name.toLowerCase()));
  const names = new Set(tenants.flatMap(({ team }) => (team?.existing ? [team.name] : [])));
  const ids = [...names].flatMap((name) => existing.get(name)?.nodeId ?? []);
  const teams = managed
    .filter(({ team, nodeId }) => team !== undefined && (names.has(team) || ids.some((id) => isSameNode(id, nodeId))))
    .map(teamOf);
  return managed.filter((one) => {
    if (isBelow(one, teamComponent) || one.type === teamType) return teams.includes(teamOf(one));
    const isTenants = isBelow(one, repositoryComponent) || isBelow(one, leavingComponent);
    return isTenants && one.repository !== undefined && repositories.has(one.repository);
  });
}

/** The name of the component that a team, or one of its memberships, was registered by. No tenant's name has a dot. */
export function teamOf({ urn, type }: StatedResource): string {
  const name = nameInUrn(urn);
  return type === teamType ? name.replace(/-github$/, "") : name.replace(/\..*/, "");
}

/** The name of the tenant that a repository or team was registered for. */
export function tenantOf(resource: StatedResource): string {
  return resource.type === teamType
    ? teamOf(resource).replace(/-team$/, "")
    : nameInUrn(resource.urn).replace(/\..*/, "");
}

/**
 * The repositories and teams in the state that no file names any more, with their rulesets. They leave with this update.
 * @param handedOver resources that another owner manages from now on
 */
export function findLeaving(
  { github, tenants, tenantsElsewhere }: FleetSpec,
  state: StateIndex,
  handedOver: readonly StatedResource[],
): StatedResource[] {
  if (!github.ownsRepositories) return [];
  const declared = [...tenants, ...tenantsElsewhere];
  const wanted = new Set(declared.flatMap((tenant) => tenant.repositories.map(({ name }) => name.toLowerCase())));
  const wantedTeams = declared.flatMap(({ name, team }) => (team && !team.existing ? [`${name}-team`] : []));
  const managed = state.github.filter(
    (one) => !handedOver.includes(one) && !isBelow(one, handedOverComponent) && !isBelow(one, leavingComponent),
  );
  const repositories = managed.filter((one) => {
    return one.type === repositoryType && isBelow(one, repositoryComponent) && !wanted.has(one.repository ?? "");
  });
  const names = new Set(repositories.map(({ repository }) => repository));
  return [
    ...repositories,
    ...managed.filter(({ type, repository }) => type === rulesetType && names.has(repository)),
    ...managed.filter((one) => one.type === teamType && !wantedTeams.includes(teamOf(one))),
  ];
}
