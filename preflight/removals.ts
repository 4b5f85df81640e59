import type { FleetSpec } from "../config/fleet-spec.js";
import { resourcesOf } from "../config/tenant/parts.js";
import { sameName } from "../lib/github/existing.js";
import {
  repositoryType,
  type StatedResource,
  type StateIndex,
  teamComponent,
  teamType,
} from "../lib/state/stack-state.js";
import { isBelow, teamOf, tenantOf } from "./handed-over.js";
import { archivable, describeHeld, type HeldRepository } from "./held-repositories.js";
import type { RenamedRepositories } from "./renamed-repositories.js";
import { memberRemovals } from "./team-removals.js";

/** Type of the right of a team on a repository. */
const grantType = "github:index/teamRepository:TeamRepository";

/** Resources of GitHub in the state that this stack stops managing with this update. */
interface Going {
  /** Those that another owner manages from now on. */
  readonly handedOver: readonly StatedResource[];
  /** Those that no file names any more. */
  readonly leaving: readonly StatedResource[];
  /** Repositories that were renamed on GitHub. @default - none */
  readonly renamed?: RenamedRepositories;
  /** Repositories that another stack keeps out of the archive. @default - none */
  readonly held?: readonly HeldRepository[];
}

/** The sentences that say what an update will remove, with everything in it. */
export function describeRemovals(spec: FleetSpec, state: StateIndex, going: Going): string[] {
  return [
    ...syncRemovals(spec, state),
    ...sourceChanges(spec, state, going.renamed ?? new Map()),
    ...namespaceRemovals(spec, state),
    ...repositoryRemovals(spec, state, going),
    ...teamRemovals(spec, state, going),
    ...memberRemovals(spec, state, going.handedOver),
  ];
}

function syncRemovals({ tenants }: FleetSpec, { syncs }: StateIndex): string[] {
  const namespaces = new Set(tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => name)));
  const wanted = new Set(
    tenants.flatMap((tenant) => resourcesOf(tenant).syncs.map((sync) => `${sync.namespace}/${sync.name}`)),
  );
  return syncs
    .filter(({ namespace, name }) => namespaces.has(namespace) && !wanted.has(`${namespace}/${name}`))
    .map(({ namespace, name, tenant, deletionPolicy }) => {
      const fate =
        deletionPolicy === "Orphan" ? "what it applied there stays" : "Flux deletes what it applied there, volumes too";
      return `This update removes the sync ${name} of the tenant ${tenant} from the namespace ${namespace}: ${fate}.`;
    });
}

/** Syncs that stay, and apply another repository or folder. Flux then deletes what the new one does not have. */
function sourceChanges({ tenants }: FleetSpec, { syncs }: StateIndex, renamed: RenamedRepositories): string[] {
  const wanted = tenants.flatMap((tenant) => tenant.syncs.map((sync) => ({ ...sync, tenant: tenant.name })));
  return wanted.flatMap(({ name, namespace, tenant, repository, path, prune }) => {
    const former = syncs.find((one) => one.namespace === namespace && one.name === name);
    if (former === undefined || !prune) return [];
    const { repository: stated = repository, path: folder = path } = former;
    const followed = renamed.get(stated.toLowerCase()) ?? stated;
    const [now, before] = sameName(followed, repository)
      ? [`the folder ${path}`, folder]
      : [`the repository ${repository}`, followed];
    if (sameName(followed, repository) && withoutSlash(folder) === withoutSlash(path)) return [];
    return [
      `This update lets the sync ${name} of the tenant ${tenant} apply ${now} in the place of ${before}: Flux deletes what only ${before} has, volumes too.`,
    ];
  });
}

/** A folder without the slash at its end, which names the same one. */
function withoutSlash(folder: string): string {
  return folder.endsWith("/") ? folder.slice(0, -1) : folder;
}

function namespaceRemovals({ tenants }: FleetSpec, { namespaces }: StateIndex): string[] {
  const wanted = new Set(tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => name)));
  return namespaces
    .filter(({ name }) => !wanted.has(name))
    .map(({ name, tenant }) => {
      return `This update deletes the namespace ${name} of the tenant ${tenant}, with every object and volume in it: no file names it any more.`;
    });
}

function repositoryRemovals(spec: FleetSpec, state: StateIndex, { leaving, held = [] }: Going): string[] {
  const gone = archivable(spec, state).filter((one) => held.every(({ resource }) => resource.urn !== one.urn));
  const nameOf = (one: StatedResource) => `${spec.github.owner}/${one.repository} of the tenant ${tenantOf(one)}`;
  return [
    ...leaving
      .filter(({ type }) => type === repositoryType)
      .map((one) => {
        return `This update takes deploy keys and the team's right to push from the repository ${nameOf(one)}, and the next update archives it: no stack's files name it any more.`;
      }),
    ...gone.map((one) => {
      return `This update archives the repository ${nameOf(one)}: no stack's files name it any more.`;
    }),
    ...describeHeld(spec, held),
  ];
}

function teamRemovals(spec: FleetSpec, { github }: StateIndex, { handedOver, leaving }: Going): string[] {
  const { owner } = spec.github;
  const managed = github.filter((one) => !handedOver.includes(one));
  const members = (team: StatedResource) => {
    const names = managed.filter((one) => isBelow(one, teamComponent) && teamOf(one) === teamOf(team));
    return names
      .flatMap(({ member }) => member ?? [])
      .sort()
      .join(", ");
  };
  const withoutTeam = [...spec.tenants, ...spec.tenantsElsewhere].filter(({ team }) => team === undefined);
  return [
    ...leaving
      .filter((one) => one.type === teamType && members(one) !== "")
      .map((one) => {
        return `This update takes ${members(one)} from the team ${owner}/${one.team} of the tenant ${tenantOf(one)}: no file names the team any more. The team itself stays.`;
      }),
    ...withoutTeam.flatMap(({ name, repositories }) => {
      const own = new Set(repositories.map((repository) => repository.name.toLowerCase()));
      const grants = managed.filter(({ type, repository }) => type === grantType && own.has(repository ?? ""));
      return grants.map(({ repository }) => {
        return `This update takes the right to push to the repository ${owner}/${repository} from the team of the tenant ${name}: its file names no team any more.`;
      });
    }),
  ];
}
