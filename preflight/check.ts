import {
  GITHUB_OWNERSHIP_TOPIC,
  isOurs,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
  TENANT_LABEL,
} from "../components/labels.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../stacks/names.js";
import type { Problem } from "../stacks/problems.js";
import type { FleetSpec, TenantSpec } from "../stacks/schema.js";
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

/**
 * Everything in the way of this stack, all at once: namespaces, repositories and teams that somebody else made, a cluster
 * that is already another member of the fleet, repositories that only another stack may create.
 *
 * What carries our label is no problem: it is taken over, so that a lost state ends in the same place.
 */
export function worldProblems(spec: FleetSpec, world: World, fluxNamespace: string): Problem[] {
  const problems: Problem[] = [];
  const stackFile = `Pulumi.${spec.stack}.yaml`;

  problems.push(...namespaceProblems(world, spec.stack, { name: fluxNamespace, file: stackFile, path: "stack" }));
  problems.push(
    ...repositoryProblems(world, spec, {
      name: spec.platform.repository.name,
      file: stackFile,
      path: "fleet:platformRepository.name",
    }),
  );
  if (spec.github.ownsRepositories) {
    problems.push(
      ...repositoryProblems(world, spec, {
        name: TENANT_TEMPLATE_REPOSITORY,
        file: stackFile,
        path: "fleet:repositoryOwner",
      }),
    );
  }
  for (const tenant of spec.tenants) {
    const file = `stacks/${spec.stack}/tenants/${tenant.name}.yaml`;
    for (const { name, path } of namespacesOf(tenant)) {
      problems.push(...namespaceProblems(world, spec.stack, { name, file, path, tenant: tenant.name }));
    }
    for (const { existing, ...wanted } of repositoriesOf(tenant)) {
      const problemsOf = existing ? foreignRepositoryProblems : repositoryProblems;
      problems.push(...problemsOf(world, spec, { ...wanted, file }));
    }
  }
  return [...problems, ...teamProblems(world.teams, spec)];
}

function namespacesOf({ namespace, namespaces }: TenantSpec) {
  return [
    { name: namespace.name, path: "namespace.name" },
    ...Object.keys(namespaces).map((name) => ({ name, path: `namespaces.${name}` })),
  ];
}

function repositoriesOf({ repository, repositories }: TenantSpec) {
  const { name, existing } = repository;
  return [
    { name, existing, path: "repository.name" },
    ...Object.entries(repositories).map(([further, { existing }]) => ({
      name: further,
      existing,
      path: `repositories.${further}`,
    })),
  ];
}

/** A repository that somebody else made must be there, on every stack alike, and take a deploy key. */
function foreignRepositoryProblems(world: World, { github }: FleetSpec, { name, file, path }: Wanted): Problem[] {
  const found = world.repositories.get(name.toLowerCase());
  if (found && !found.archived) return [];
  const what = found ? "is archived, so no deploy key can be added" : "does not exist, or the token cannot see it";
  return [
    {
      file,
      path,
      message: `the repository ${github.owner}/${name} ${what}`,
      fix: found ? "Unarchive it" : "Create it, or remove existing: true so that the program does",
    },
  ];
}

interface Wanted {
  readonly name: string;
  readonly file: string;
  readonly path: string;
  readonly tenant?: string;
}

function namespaceProblems(world: World, stack: string, wanted: Wanted): Problem[] {
  const { name, file, path } = wanted;
  const labels = world.namespaces.get(name);
  if (!labels) return [];
  if (!isOurs(labels)) {
    return [
      {
        file,
        path,
        message: `the namespace ${name} exists and is not this program's: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
        fix: `Choose another name, remove the namespace, or hand it over with: kubectl label namespace ${name} ${MANAGED_BY_LABEL}=${MANAGED_BY} ${STACK_LABEL}=${stack}`,
      },
    ];
  }
  const owner = labels[STACK_LABEL];
  if (owner !== undefined && owner !== stack) {
    return [
      {
        file,
        path,
        message: `the namespace ${name} of this cluster belongs to the stack ${owner}`,
        fix: `Point KUBECONFIG at the cluster of ${stack}`,
      },
    ];
  }
  const tenant = labels[TENANT_LABEL];
  if (wanted.tenant !== undefined && tenant !== undefined && tenant !== wanted.tenant) {
    return [
      {
        file,
        path,
        message: `the namespace ${name} belongs to the tenant ${tenant}`,
        fix: "Choose another name, or remove that tenant first",
      },
    ];
  }
  return [];
}

function repositoryProblems(world: World, spec: FleetSpec, wanted: Wanted): Problem[] {
  const { name, file, path } = wanted;
  const existing = world.repositories.get(name.toLowerCase());
  const { owner, ownsRepositories, repositoryOwner } = spec.github;
  if (!existing) {
    if (ownsRepositories) return [];
    return [
      {
        file,
        path,
        message: `the repository ${owner}/${name} does not exist, and only the stack ${repositoryOwner} creates repositories`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first (a tenant's repository is created when stacks/${repositoryOwner}/tenants names the tenant)`,
      },
    ];
  }
  if (!existing.topics.includes(GITHUB_OWNERSHIP_TOPIC)) {
    return [
      {
        file,
        path,
        message: `the repository ${owner}/${name} exists and is not this program's: it lacks the topic ${GITHUB_OWNERSHIP_TOPIC}`,
        fix: "Choose another name, or hand the repository over by adding that topic to it",
      },
    ];
  }
  if (!ownsRepositories && existing.archived) {
    return [
      {
        file,
        path,
        message: `the repository ${owner}/${name} is archived, so no deploy key can be added`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first`,
      },
    ];
  }
  return [];
}
