import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../config/names.js";
import { partNamePlace } from "../config/tenant/part-place.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, type ExistingRepository, findRepository } from "../lib/github/existing.js";
import {
  GITHUB_OWNERSHIP_TOPIC,
  isManagedByFleet,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
  TENANT_LABEL,
} from "../lib/kubernetes/ownership-labels.js";
import type { Namespaces } from "./cluster.js";
import { type Teams, teamConflicts } from "./teams.js";

/** The existing objects that a stack may conflict with. */
export interface ExistingState {
  readonly namespaces: Namespaces;
  readonly repositories: ExistingRepositories;
  /** Empty on a stack that neither creates a team nor grants one the right to push. */
  readonly teams: Teams;
}

/** The existing objects, and the places of the settings that may conflict with them. */
export interface ConflictArgs {
  /** The existing objects. A kind that could not be listed is absent, and is not checked. */
  readonly existing: Partial<ExistingState>;
  /** Flux's own namespace. */
  readonly fluxNamespace: string;
  /** Returns the place of a tenant's setting. */
  readonly locate: Locate;
}

/**
 * The conflicts of a stack with existing objects: namespaces, repositories and teams that fleet does not manage, a
 * cluster of another stack, and repositories that only another stack may create.
 *
 * An object with fleet's own label is no conflict: it is adopted, so that a lost state ends in the same place.
 */
export function findConflicts(spec: FleetSpec, { existing, fluxNamespace, locate }: ConflictArgs): Problem[] {
  const { namespaces, repositories, teams } = existing;
  return [
    ...(namespaces === undefined
      ? []
      : desiredNamespaces(spec, fluxNamespace, locate).flatMap((desired) =>
          namespaceConflicts(namespaces, spec.stack, desired),
        )),
    ...(repositories === undefined
      ? []
      : desiredRepositories(spec, locate).flatMap((desired) => repositoryConflicts(repositories, spec, desired))),
    ...(teams === undefined ? [] : teamConflicts(teams, spec, locate)),
  ];
}

/** Returns the place of a setting. It is called for a problem only, because it may read files. */
type Locator = () => Pick<Problem, "file" | "line" | "path">;

interface DesiredNamespace {
  readonly name: string;
  readonly locate: Locator;
  /** @default - the namespace belongs to the platform */
  readonly tenant?: string;
}

function desiredNamespaces({ stack, tenants }: FleetSpec, fluxNamespace: string, locate: Locate): DesiredNamespace[] {
  return [
    { name: fluxNamespace, locate: () => ({ file: `Pulumi.${stack}.yaml`, path: "stack" }) },
    ...tenants.flatMap(({ name: tenant, namespaces }) =>
      namespaces.map(({ name }, index) => ({
        name,
        tenant,
        locate: () => locate(tenant, partNamePlace("namespace", index, name)),
      })),
    ),
  ];
}

interface DesiredRepository {
  readonly name: string;
  readonly locate: Locator;
  /** Whether the tenant file says that the repository exists, so that the program does not create it. */
  readonly existing: boolean;
}

function desiredRepositories({ stack, platform, github, tenants }: FleetSpec, locate: Locate): DesiredRepository[] {
  const setting = (path: string): Locator => {
    return () => ({ file: `Pulumi.${stack}.yaml`, path });
  };
  return [
    { name: platform.repository.name, existing: false, locate: setting("fleet:platformRepository.name") },
    ...(github.ownsRepositories
      ? [{ name: TENANT_TEMPLATE_REPOSITORY, existing: false, locate: setting("fleet:repositoryOwner") }]
      : []),
    ...tenants.flatMap(({ name: tenant, repositories }) =>
      repositories.map(({ name, existing }, index) => ({
        name,
        existing,
        locate: () => locate(tenant, partNamePlace("repository", index, name)),
      })),
    ),
  ];
}

/** A conflict, without its place. */
type Conflict = Pick<Problem, "message" | "fix">;

function at(locate: Locator, conflict: Conflict | undefined): Problem[] {
  return conflict === undefined ? [] : [{ ...locate(), ...conflict }];
}

function namespaceConflicts(namespaces: Namespaces, stack: string, desired: DesiredNamespace): Problem[] {
  const labels = namespaces.get(desired.name);
  return labels === undefined ? [] : at(desired.locate, namespaceConflict(labels, stack, desired));
}

function namespaceConflict(
  labels: Readonly<Record<string, string>>,
  stack: string,
  { name, tenant: desiredTenant }: DesiredNamespace,
): Conflict | undefined {
  if (!isManagedByFleet(labels)) {
    return {
      message: `the namespace ${name} exists, but fleet does not manage it: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
      fix: `Choose another name, remove the namespace, or let fleet manage it: kubectl label namespace ${name} ${MANAGED_BY_LABEL}=${MANAGED_BY} ${STACK_LABEL}=${stack}`,
    };
  }
  const { [STACK_LABEL]: owner, [TENANT_LABEL]: tenant } = labels;
  if (owner !== undefined && owner !== stack) {
    return {
      message: `the namespace ${name} of this cluster belongs to the stack ${owner}`,
      fix: `Point KUBECONFIG at the cluster of ${stack}`,
    };
  }
  if (desiredTenant === undefined || tenant === undefined || tenant === desiredTenant) return undefined;
  return {
    message: `the namespace ${name} belongs to the tenant ${tenant}`,
    fix: "Choose another name, or remove that tenant first",
  };
}

function repositoryConflicts(
  repositories: ExistingRepositories,
  spec: FleetSpec,
  desired: DesiredRepository,
): Problem[] {
  const found = findRepository(repositories, desired.name);
  const path = `${spec.github.owner}/${desired.name}`;
  const conflict = desired.existing ? unmanagedConflict(found, path) : managedConflict(found, path, spec.github);
  return at(desired.locate, conflict);
}

/** A repository with `existing: true` must exist on every stack, and must accept a deploy key. */
function unmanagedConflict(found: ExistingRepository | undefined, path: string): Conflict | undefined {
  if (found === undefined) {
    return {
      message: `the repository ${path} does not exist, or the token cannot see it`,
      fix: "Create it, or remove existing: true so that fleet creates it",
    };
  }
  if (!found.archived) return undefined;
  return { message: `the repository ${path} is archived, so no deploy key can be added`, fix: "Unarchive it" };
}

/** A repository of fleet must carry fleet's topic, and only one stack may create it or take it out of the archive. */
function managedConflict(
  found: ExistingRepository | undefined,
  path: string,
  { ownsRepositories, repositoryOwner }: FleetSpec["github"],
): Conflict | undefined {
  if (found === undefined) {
    if (ownsRepositories) return undefined;
    return {
      message: `the repository ${path} does not exist, and only the stack ${repositoryOwner} creates repositories`,
      fix: `Run pulumi up on the stack ${repositoryOwner} first (a tenant's repository is created when stacks/${repositoryOwner}/tenants names the tenant)`,
    };
  }
  if (!found.topics.includes(GITHUB_OWNERSHIP_TOPIC)) {
    return {
      message: `the repository ${path} exists, but fleet does not manage it: it lacks the topic ${GITHUB_OWNERSHIP_TOPIC}`,
      fix: "Choose another name, or let fleet manage the repository: add that topic to it",
    };
  }
  if (ownsRepositories || !found.archived) return undefined;
  return {
    message: `the repository ${path} is archived, so no deploy key can be added`,
    fix: `Run pulumi up on the stack ${repositoryOwner} first`,
  };
}
