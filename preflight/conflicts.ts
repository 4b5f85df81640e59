import type { Locate } from "../config/files/locate.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../config/names.js";
import { partNamePlace } from "../config/tenant/part-place.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { ExistingRepository } from "../lib/github/existing.js";
import {
  GITHUB_OWNERSHIP_TOPIC,
  isOurs,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
  TENANT_LABEL,
} from "../lib/kubernetes/ownership-labels.js";
import type { Namespaces } from "./cluster.js";
import type { Repositories } from "./github.js";
import { type Teams, teamProblems } from "./teams.js";

/** What is there before anything is registered. */
export interface World {
  readonly namespaces: Namespaces;
  readonly repositories: Repositories;
  /** Only where this stack makes a team, or gives one the right to push. */
  readonly teams: Teams;
}

/** What is asked about the world. */
export interface CheckArgs {
  /** What there is; what could not be seen is left out, and passed over. */
  readonly world: Partial<World>;
  /** Flux's own namespace. */
  readonly fluxNamespace: string;
  /** Finds what the files say of a tenant. */
  readonly locate: Locate;
}

/**
 * Everything in the way of this stack, all at once: namespaces, repositories and teams that somebody else made, a cluster
 * that is already another member of the fleet, repositories that only another stack may create.
 *
 * What carries our label is no problem: it is taken over, so that a lost state ends in the same place.
 */
export function worldProblems(spec: FleetSpec, { world, fluxNamespace, locate }: CheckArgs): Problem[] {
  const { namespaces, repositories, teams } = world;
  return [
    ...(namespaces === undefined
      ? []
      : wantedNamespaces(spec, fluxNamespace, locate).flatMap((wanted) =>
          namespaceProblems(namespaces, spec.stack, wanted),
        )),
    ...(repositories === undefined
      ? []
      : wantedRepositories(spec, locate).flatMap((wanted) => repositoryProblems(repositories, spec, wanted))),
    ...(teams === undefined ? [] : teamProblems(teams, spec, locate)),
  ];
}

/** Where the stack's files say so; looked up only for a problem. */
type At = () => Pick<Problem, "file" | "line" | "path">;

interface WantedNamespace {
  readonly name: string;
  readonly at: At;
  /** @default - it is the platform's */
  readonly tenant?: string;
}

function wantedNamespaces({ stack, tenants }: FleetSpec, fluxNamespace: string, locate: Locate): WantedNamespace[] {
  return [
    { name: fluxNamespace, at: () => ({ file: `Pulumi.${stack}.yaml`, path: "stack" }) },
    ...tenants.flatMap(({ name: tenant, namespaces }) =>
      namespaces.map(({ name }, index) => ({
        name,
        tenant,
        at: () => locate(tenant, partNamePlace("namespace", index, name)),
      })),
    ),
  ];
}

interface WantedRepository {
  readonly name: string;
  readonly at: At;
  /** Whether somebody else makes it. */
  readonly existing: boolean;
}

function wantedRepositories({ stack, platform, github, tenants }: FleetSpec, locate: Locate): WantedRepository[] {
  const setting = (path: string): At => {
    return () => ({ file: `Pulumi.${stack}.yaml`, path });
  };
  return [
    { name: platform.repository.name, existing: false, at: setting("fleet:platformRepository.name") },
    ...(github.ownsRepositories
      ? [{ name: TENANT_TEMPLATE_REPOSITORY, existing: false, at: setting("fleet:repositoryOwner") }]
      : []),
    ...tenants.flatMap(({ name: tenant, repositories }) =>
      repositories.map(({ name, existing }, index) => ({
        name,
        existing,
        at: () => locate(tenant, partNamePlace("repository", index, name)),
      })),
    ),
  ];
}

function namespaceProblems(namespaces: Namespaces, stack: string, wanted: WantedNamespace): Problem[] {
  const { name, tenant: wantedBy, at } = wanted;
  const labels = namespaces.get(name);
  if (!labels) return [];
  if (!isOurs(labels)) {
    return [
      {
        ...at(),
        message: `the namespace ${name} exists and is not this program's: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
        fix: `Choose another name, remove the namespace, or hand it over with: kubectl label namespace ${name} ${MANAGED_BY_LABEL}=${MANAGED_BY} ${STACK_LABEL}=${stack}`,
      },
    ];
  }
  const owner = labels[STACK_LABEL];
  if (owner !== undefined && owner !== stack) {
    return [
      {
        ...at(),
        message: `the namespace ${name} of this cluster belongs to the stack ${owner}`,
        fix: `Point KUBECONFIG at the cluster of ${stack}`,
      },
    ];
  }
  const tenant = labels[TENANT_LABEL];
  if (wantedBy !== undefined && tenant !== undefined && tenant !== wantedBy) {
    return [
      {
        ...at(),
        message: `the namespace ${name} belongs to the tenant ${tenant}`,
        fix: "Choose another name, or remove that tenant first",
      },
    ];
  }
  return [];
}

/** A repository that somebody else made must be there, on every stack alike, and take a deploy key. */
function foreignRepositoryProblems(
  found: ExistingRepository | undefined,
  owner: string,
  { name, at }: WantedRepository,
): Problem[] {
  if (found && !found.archived) return [];
  const what = found ? "is archived, so no deploy key can be added" : "does not exist, or the token cannot see it";
  return [
    {
      ...at(),
      message: `the repository ${owner}/${name} ${what}`,
      fix: found ? "Unarchive it" : "Create it, or remove existing: true so that the program does",
    },
  ];
}

function repositoryProblems(repositories: Repositories, spec: FleetSpec, wanted: WantedRepository): Problem[] {
  const { name, existing: foreign, at } = wanted;
  const existing = repositories.get(name.toLowerCase());
  if (foreign) return foreignRepositoryProblems(existing, spec.github.owner, wanted);
  const { owner, ownsRepositories, repositoryOwner } = spec.github;
  if (!existing) {
    if (ownsRepositories) return [];
    return [
      {
        ...at(),
        message: `the repository ${owner}/${name} does not exist, and only the stack ${repositoryOwner} creates repositories`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first (a tenant's repository is created when stacks/${repositoryOwner}/tenants names the tenant)`,
      },
    ];
  }
  if (!existing.topics.includes(GITHUB_OWNERSHIP_TOPIC)) {
    return [
      {
        ...at(),
        message: `the repository ${owner}/${name} exists and is not this program's: it lacks the topic ${GITHUB_OWNERSHIP_TOPIC}`,
        fix: "Choose another name, or hand the repository over by adding that topic to it",
      },
    ];
  }
  if (!ownsRepositories && existing.archived) {
    return [
      {
        ...at(),
        message: `the repository ${owner}/${name} is archived, so no deploy key can be added`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first`,
      },
    ];
  }
  return [];
}
