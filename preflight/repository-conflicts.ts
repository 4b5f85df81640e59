import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { placedParts } from "../config/tenant/parts.js";
import { templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { type ExistingRepository, findRepository, sameName } from "../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../lib/kubernetes/ownership-labels.js";
import type { StateIndex } from "../lib/state/stack-state.js";
import {
  adoptionConflicts,
  type Conflict,
  changedBy,
  firstConflict,
  isAnother,
  isMissing,
  type Locator,
} from "./conflict.js";
import type { ExistingState } from "./conflicts.js";
import { expectedId, identityConflicts } from "./owner-stack.js";

/** The repositories that exist on GitHub, and those of the stack's state. */
type ExistingRepositories = Omit<ExistingState, "namespaces" | "teams" | "teamMembers">;

/** A repository that a file names. */
interface NamedRepository {
  readonly name: string;
  readonly locator: Locator;
  /** Whether fleet creates it, or has created it. False for one with `existing: true`. */
  readonly isManaged: boolean;
  /** Repository of the state that it seems to stand in the place of. @default - none */
  readonly replaced?: string | undefined;
}

/** The conflicts of a stack's repositories with those that exist, and with those of the state. */
export function repositoryConflicts(existing: ExistingRepositories, spec: FleetSpec, locate: Locate): Problem[] {
  return [
    platformRepository(existing, spec),
    ...templateRepositories(existing, spec),
    ...tenantRepositories(existing, spec, locate),
  ].flatMap((named) => conflictsOf(named, existing, spec));
}

function settingLocator({ stack }: FleetSpec, path: string): Locator {
  return () => ({ file: `Pulumi.${stack}.yaml`, path });
}

function platformRepository({ stated }: ExistingRepositories, spec: FleetSpec): NamedRepository {
  const { name } = spec.platform.repository;
  const { platformRepository: before = "" } = stated;
  const replaced = before === "" || sameName(before, name) ? undefined : before;
  return { name, locator: settingLocator(spec, "fleet:platformRepository.name"), isManaged: true, replaced };
}

function templateRepositories({ stated }: ExistingRepositories, spec: FleetSpec): NamedRepository[] {
  if (!spec.github.ownsRepositories) return [];
  const locator = settingLocator(spec, "fleet:repositoryOwner");
  return usedScaffolds(spec, stated.managed).map((scaffold) => ({
    name: templateRepository(scaffold),
    locator,
    isManaged: true,
  }));
}

function tenantRepositories(
  { repositories: existing, stated }: ExistingRepositories,
  spec: FleetSpec,
  locate: Locate,
): NamedRepository[] {
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  const wanted = new Set(tenants.flatMap(({ repositories }) => repositories.map(({ name }) => name.toLowerCase())));
  const dropped = [...stated.repositories.values()].filter(({ name, managed }) => {
    return managed && !wanted.has(name.toLowerCase());
  });
  return tenants.flatMap(({ name: tenant, repositories }) =>
    placedParts("repository", repositories).map(({ name, existing: isUnmanaged, namePlace }) => {
      const exists = findRepository(existing, name) !== undefined;
      const replaced = exists ? undefined : dropped.find((repository) => repository.tenant === tenant)?.name;
      return { name, locator: () => locate(tenant, namePlace), isManaged: !isUnmanaged, replaced };
    }),
  );
}

/** The first conflict of a repository. */
function conflictsOf(
  { name, locator, isManaged, replaced }: NamedRepository,
  { repositories: existing, stated, owner, renamed, writers }: ExistingRepositories,
  spec: FleetSpec,
): Problem[] {
  const { github } = spec;
  const found = findRepository(existing, name);
  const current = found ? undefined : renamed.get(name.toLowerCase());
  const moved = moveConflicts({ ...github, name, replaced, exists: found !== undefined }, current);
  const of = `the repository ${github.owner}/${name}`;
  if (!isManaged) return firstConflict(of, locator, [...moved, ...unmanagedConflicts(found)]);
  const unknown = found && mustBeAdopted(name, spec, stated);
  const people = changedBy(writers.get(name.toLowerCase()));
  const identity = { ...github, owner, expected: expectedId(name, spec, { owner, stated }), people };
  return firstConflict(of, locator, [
    ...moved,
    ...managedConflicts(found, github),
    ...stateConflicts(found, stated.managed, name),
    ...adoptionConflicts("repositories", unknown ? found.name : undefined, people),
    ...(github.ownsRepositories ? [] : identityConflicts(found, identity)),
  ]);
}

interface Move {
  readonly owner: string;
  readonly name: string;
  readonly replaced: string | undefined;
  /** Whether GitHub has a repository of the name. */
  readonly exists: boolean;
}

/**
 * A name in a file does not rename a repository: the program cannot tell a new name from a new repository, and the old
 * one would be archived.
 * @param replaced repository in the state that the missing one stands in the place of
 * @param current name that GitHub has the missing repository under
 */
function moveConflicts({ owner, name, replaced, exists }: Move, current: string | undefined): Conflict[] {
  return [
    {
      when: current !== undefined,
      message: `was renamed on GitHub to ${current}`,
      fix: "Write that name here. The next update then keeps the repository and its deploy keys",
    },
    {
      when: replaced !== undefined,
      message: `${exists ? "takes the place of another one" : "does not exist"}, and ${owner}/${replaced}, which no file names any more, would be archived`,
      fix: `To rename the repository, rename it on GitHub first: gh repo rename ${name} --repo ${owner}/${replaced}. To replace it, add the new one in one update, and remove the old one in a later one`,
    },
  ];
}

/** Whether a repository with fleet's topic may be taken over by consent only. Other stacks take over nothing. */
export function mustBeAdopted(
  name: string,
  { github, adopt }: Pick<FleetSpec, "github" | "adopt">,
  { managed }: Pick<StateIndex, "managed">,
): boolean {
  return (
    github.ownsRepositories &&
    !managed.has(name.toLowerCase()) &&
    !adopt.repositories.some((one) => sameName(one, name))
  );
}

/** A repository of the state that GitHub has as another one, no more, or archived. Pulumi would see no change. */
function stateConflicts(
  found: ExistingRepository | undefined,
  managed: StateIndex["managed"],
  name: string,
): Conflict[] {
  const isInState = managed.has(name.toLowerCase());
  return [
    {
      when: isInState && found === undefined,
      message: "is in the stack's state, and GitHub does not have it, or the token cannot see it",
      fix: "If it was deleted, run pulumi refresh, and then pulumi up: it creates what is missing",
    },
    {
      when: isInState && found && isAnother(found.nodeId, managed.get(name.toLowerCase())),
      message: "is another repository than the one in the stack's state: it was made again, or another one was renamed",
      fix: "Check its content and its people. Then pulumi refresh and pulumi up take it over",
    },
    {
      when: isInState && found?.archived,
      message: "was archived on GitHub",
      fix: "Unarchive it on GitHub, or run pulumi refresh and then pulumi up, which does",
    },
  ];
}

/** A repository with `existing: true` must exist on every stack, and must accept a deploy key. */
function unmanagedConflicts(found: ExistingRepository | undefined): Conflict[] {
  const create = "Create it, or remove existing: true so that fleet creates it";
  return [
    { when: found === undefined, message: isMissing, fix: create },
    { when: found?.archived, message: isArchived, fix: "Unarchive it" },
  ];
}

/** A repository of fleet must carry fleet's topic, and only one stack may create it or take it out of the archive. */
function managedConflicts(
  found: ExistingRepository | undefined,
  { ownsRepositories, repositoryOwner }: FleetSpec["github"],
): Conflict[] {
  const runFirst = `Run pulumi up on the stack ${repositoryOwner} first`;
  return [
    {
      when: found === undefined && !ownsRepositories,
      message: `does not exist, and only the stack ${repositoryOwner} creates repositories`,
      fix: runFirst,
    },
    {
      when: found && !found.topics.includes(GITHUB_OWNERSHIP_TOPIC),
      message: `exists, but fleet does not manage it: it lacks the topic ${GITHUB_OWNERSHIP_TOPIC}`,
      fix: "Choose another name, or let fleet manage the repository: add that topic to it, and name it in fleet:adopt",
    },
    { when: found?.archived && !ownsRepositories, message: isArchived, fix: runFirst },
  ];
}

const isArchived = "is archived, so no deploy key can be added";
