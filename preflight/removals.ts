import type { FleetSpec } from "../config/fleet-spec.js";
import { resourcesOf } from "../config/tenant/parts.js";
import {
  handedOverComponent,
  nameInUrn,
  repositoryComponent,
  type StatedResource,
  type StateIndex,
  teamComponent,
} from "../lib/state/stack-state.js";

/** Types of which each cluster has its own, whichever stack manages the repository. */
const ofCluster = [
  "github:index/repositoryDeployKey:RepositoryDeployKey",
  "github:index/repositoryWebhook:RepositoryWebhook",
];

/**
 * The resources of GitHub in the state that stay on GitHub although this stack does not manage them any more: another
 * stack does (`fleet:repositoryOwner`), or their owner (`existing: true`).
 */
export function findHandedOver({ github, ...spec }: FleetSpec, state: StateIndex): StatedResource[] {
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  const managed = state.github.filter(({ urn, type }) => {
    return !urn.includes(`${handedOverComponent}$`) && !ofCluster.includes(type);
  });
  if (!github.ownsRepositories) return managed;
  const unmanaged = tenants.flatMap(({ repositories }) => repositories.filter(({ existing }) => existing));
  const repositories = new Set(unmanaged.map(({ name }) => name.toLowerCase()));
  const teams = tenants.filter(({ team }) => team?.existing).map(({ name }) => `${name}-team`);
  return managed.filter(({ urn, repository }) => {
    if (urn.includes(`${teamComponent}$`)) return teams.some((name) => isOfTeam(nameInUrn(urn), name));
    return urn.includes(`${repositoryComponent}$`) && repository !== undefined && repositories.has(repository);
  });
}

/** Whether a resource is a team, or one of its memberships. No tenant's name has a dot. */
function isOfTeam(resource: string, component: string): boolean {
  return resource === `${component}-github` || resource.startsWith(`${component}.`);
}

/** The sentences that say what an update will remove, with everything in it. */
export function describeRemovals(
  { github, tenants, tenantsElsewhere }: FleetSpec,
  { namespaces, repositories, syncs }: StateIndex,
): string[] {
  const wantedNamespaces = new Set(tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => name)));
  const wantedRepositories = new Set(
    [...tenants, ...tenantsElsewhere].flatMap((tenant) => tenant.repositories.map(({ name }) => name.toLowerCase())),
  );
  const wantedSyncs = new Set(
    tenants.flatMap((tenant) => resourcesOf(tenant).syncs.map((sync) => `${sync.namespace}/${sync.name}`)),
  );
  const keptSyncs = syncs.filter(({ namespace }) => wantedNamespaces.has(namespace));
  return [
    ...keptSyncs
      .filter(({ namespace, name }) => !wantedSyncs.has(`${namespace}/${name}`))
      .map(({ namespace, name, tenant }) => {
        return `This update removes the sync ${name} of the tenant ${tenant} from the namespace ${namespace}: Flux deletes what it applied there, volumes too, unless its deletionPolicy is Orphan.`;
      }),
    ...namespaces
      .filter(({ name }) => !wantedNamespaces.has(name))
      .map(({ name, tenant }) => {
        return `This update deletes the namespace ${name} of the tenant ${tenant}, with every object and volume in it: no file names it any more.`;
      }),
    ...[...repositories.values()]
      .filter(({ name, managed }) => managed && github.ownsRepositories && !wantedRepositories.has(name.toLowerCase()))
      .map(({ name, tenant }) => {
        return `This update archives the repository ${github.owner}/${name} of the tenant ${tenant}: no stack's files name it any more.`;
      }),
  ];
}
