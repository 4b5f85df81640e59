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
import type { FleetSpec } from "../stacks/schema.js";
import type { Namespaces } from "./cluster.js";
import type { Repositories } from "./github.js";

/** What is there before anything is registered. */
export interface World {
  readonly namespaces: Namespaces;
  readonly repositories: Repositories;
}

/**
 * Everything in the way of this stack, all at once: namespaces and repositories that somebody else made, a cluster
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
    const { name } = tenant.namespace;
    problems.push(
      ...namespaceProblems(world, spec.stack, { name, file, path: "namespace.name", tenant: tenant.name }),
      ...repositoryProblems(world, spec, { name: tenant.repository.name, file, path: "repository.name" }),
    );
  }
  return problems;
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
