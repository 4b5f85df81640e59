import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../config/names.js";
import { placedParts } from "../config/tenant/parts.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { type ExistingGitHub, type ExistingRepository, findRepository, sameName } from "../lib/github/existing.js";
import { isManagedByFleet as isManagedTeam, TEAM_DESCRIPTION_SUFFIX, tenantOfTeam } from "../lib/github/team.js";
import {
  FLUX_NAMESPACE,
  GITHUB_OWNERSHIP_TOPIC,
  isManagedByFleet,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
  TENANT_LABEL,
} from "../lib/kubernetes/ownership-labels.js";
import { emptyState, objectIdentity, type StateIndex } from "../lib/state/stack-state.js";
import type { Namespaces } from "./cluster.js";
import type { Writers } from "./people.js";
import type { RenamedRepositories } from "./renamed-repositories.js";

/** The existing objects that a stack may conflict with. */
export interface ExistingState extends Pick<ExistingGitHub, "repositories" | "teams"> {
  readonly namespaces: Namespaces;
  /** The stack's state from before the update. */
  readonly stated: StateIndex;
  readonly renamed: RenamedRepositories;
  /** Who may change each repository that is not in the state, by its name in lower case. */
  readonly writers: Writers;
}

/**
 * The conflicts of a stack with existing objects: namespaces, repositories and teams that fleet does not manage, a
 * cluster of another stack, and repositories that only another stack may create.
 * An object with fleet's own label is no conflict: it is adopted, so that a lost state ends in the same place.
 * @param existing the existing objects. A kind that could not be listed is absent, and is not checked. An absent state
 *   is an empty one
 * @param locate returns the place of a tenant's setting
 */
export function findConflicts(
  spec: FleetSpec,
  { namespaces, repositories, teams, stated = emptyState, ...found }: Partial<ExistingState>,
  locate: Locate,
): Problem[] {
  const { renamed = new Map(), writers = new Map() } = found;
  return [
    ...(namespaces ? namespaceConflicts({ namespaces, stated }, spec, locate) : []),
    ...(repositories ? repositoryConflicts({ repositories, stated, renamed, writers }, spec, locate) : []),
    ...(teams ? teamConflicts({ teams, stated }, spec, locate) : []),
  ];
}

type Locator = () => Pick<Problem, "file" | "line" | "path">;

interface Conflict {
  readonly when: boolean | undefined;
  readonly message: string;
  readonly fix: string;
}

/** The first conflict of an object that exists, as a problem of the setting that names the object. */
function firstConflict(object: string, locate: Locator, conflicts: readonly Conflict[]): Problem[] {
  const conflict = conflicts.find(({ when }) => when);
  return conflict ? [{ ...locate(), message: `${object} ${conflict.message}`, fix: conflict.fix }] : [];
}

function namespaceConflicts(
  { namespaces: existing, stated }: Pick<ExistingState, "namespaces" | "stated">,
  { stack, tenants }: FleetSpec,
  locate: Locate,
): Problem[] {
  const conflict = (name: string, locator: Locator, tenant?: string) => {
    const found = existing.get(name);
    if (found === undefined) return lostNamespace(name, locator, tenant);
    const { labels } = found;
    const { [STACK_LABEL]: ownerStack = stack, [TENANT_LABEL]: ownerTenant = tenant } = labels;
    return firstConflict(`the namespace ${name}`, locator, [
      {
        when: !isManagedByFleet(labels),
        message: `exists, but fleet does not manage it: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
        fix: `Choose another name, remove the namespace, or let fleet manage it: kubectl label namespace ${name} ${MANAGED_BY_LABEL}=${MANAGED_BY} ${STACK_LABEL}=${stack}`,
      },
      {
        when: ownerStack !== stack,
        message: `of this cluster belongs to the stack ${ownerStack}`,
        fix: `Point KUBECONFIG at the cluster of ${stack}`,
      },
      {
        when: tenant !== undefined && ownerTenant !== tenant,
        message: `belongs to the tenant ${ownerTenant}`,
        fix: "Choose another name, or remove that tenant first",
      },
      {
        when: found.terminating,
        message: "is being deleted, so nothing can be created in it",
        fix: `Wait until it is gone: kubectl wait namespace ${name} --for=delete. If it stays, its status.conditions name what keeps it. Then run pulumi refresh, and pulumi up`,
      },
    ]);
  };
  /** Pulumi believes its state: it would report that nothing changes, although nothing is there. */
  const lostNamespace = (name: string, locator: Locator, tenant?: string) =>
    firstConflict(`the namespace ${name}`, locator, [
      {
        when: stated.objects.has(objectIdentity("kubernetes:core/v1:Namespace", { name }) ?? ""),
        message: `is in the stack's state, and the cluster does not have it${tenant === undefined ? ": it is a new cluster, or another one" : ""}`,
        fix: "Check KUBECONFIG. If the cluster was made again or the namespace was deleted, run pulumi refresh, and then pulumi up: it creates what is missing",
      },
    ]);
  return [
    ...conflict(FLUX_NAMESPACE, () => ({ file: `Pulumi.${stack}.yaml`, path: "stack" })),
    ...tenants.flatMap(({ name: tenant, namespaces }) =>
      placedParts("namespace", namespaces).flatMap(({ name, namePlace }) =>
        conflict(name, () => locate(tenant, namePlace), tenant),
      ),
    ),
  ];
}

function repositoryConflicts(
  { repositories: existing, stated, renamed, writers }: Omit<ExistingState, "namespaces" | "teams">,
  spec: FleetSpec,
  locate: Locate,
): Problem[] {
  const { stack, platform, github } = spec;
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  const conflict = (name: string, locator: Locator, conflictsOf = managedConflicts, replaced?: string) => {
    const found = findRepository(existing, name);
    const current = found ? undefined : renamed.get(name.toLowerCase());
    const moved = moveConflicts({ ...github, name, replaced, exists: found !== undefined }, current);
    const unknown = conflictsOf === managedConflicts && found && mustBeAdopted(name, spec, stated);
    return firstConflict(`the repository ${github.owner}/${name}`, locator, [
      ...moved,
      ...conflictsOf(found, github),
      ...(conflictsOf === managedConflicts ? stateConflicts(found, stated.managed, name) : []),
      ...adoptionConflicts("repositories", unknown ? found.name : undefined, writers.get(name.toLowerCase())),
    ]);
  };
  const setting = (path: string) => () => ({ file: `Pulumi.${stack}.yaml`, path });
  const { platformRepository = "" } = stated;
  const keepsName = sameName(platformRepository, platform.repository.name);
  const wanted = new Set(tenants.flatMap(({ repositories }) => repositories.map(({ name }) => name.toLowerCase())));
  const dropped = [...stated.repositories.values()].filter(({ name, managed }) => {
    return managed && !wanted.has(name.toLowerCase());
  });
  return [
    ...conflict(
      platform.repository.name,
      setting("fleet:platformRepository.name"),
      managedConflicts,
      keepsName || platformRepository === "" ? undefined : platformRepository,
    ),
    ...(github.ownsRepositories ? conflict(TENANT_TEMPLATE_REPOSITORY, setting("fleet:repositoryOwner")) : []),
    ...tenants.flatMap(({ name: tenant, repositories }) =>
      placedParts("repository", repositories).flatMap(({ name, existing: isUnmanaged, namePlace }) => {
        const locator = () => locate(tenant, namePlace);
        const exists = findRepository(existing, name) !== undefined;
        const replaced = exists ? undefined : dropped.find((repository) => repository.tenant === tenant)?.name;
        return conflict(name, locator, isUnmanaged ? unmanagedConflicts : managedConflicts, replaced);
      }),
    ),
  ];
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

/** Whether two ids of GitHub are known and differ. */
function isAnother(id: string | undefined, stated: string | undefined): boolean {
  return id !== undefined && stated !== undefined && id !== stated;
}

/**
 * A mark proves nothing: the administrators of a repository write its topics, and the maintainers of a team its
 * description. So what the state does not have is taken over only by consent.
 * @param name of what would be taken over. Undefined when nothing would
 */
function adoptionConflicts(
  kind: "repositories" | "teams",
  name: string | undefined,
  writers?: readonly string[],
): Conflict[] {
  const change = writers === undefined ? "" : ` (it can be changed by ${writers.join(", ") || "its administrators"})`;
  return [
    {
      when: name !== undefined,
      message: `exists and is not in the stack's state, so it may be another's with fleet's mark${change}`,
      fix: `If it is fleet's own, check its content and its people, and then allow it by name: pulumi config set --path 'fleet:adopt.${kind}[N]' ${name}, N from 0`,
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

const isMissing = "does not exist, or the token cannot see it";
const isArchived = "is archived, so no deploy key can be added";

function teamConflicts(
  { teams, stated }: Pick<ExistingState, "teams" | "stated">,
  { github, adopt, tenants, tenantsElsewhere }: FleetSpec,
  locate: Locate,
): Problem[] {
  if (!github.ownsRepositories) return [];
  return [...tenants, ...tenantsElsewhere].flatMap(({ name: tenant, team }) => {
    if (team === undefined) return [];
    const found = teams.get(team.name);
    const other = found && tenantOfTeam(found);
    const mustAdopt = !stated.teams.has(team.name) && !adopt.teams.includes(team.name);
    return firstConflict(`the team ${github.owner}/${team.name}`, () => locate(tenant, ["team", "name"]), [
      {
        when: team.existing && found === undefined,
        message: isMissing,
        fix: `Create it on GitHub with the address .../teams/${team.name}, or remove existing: true so that fleet creates it`,
      },
      {
        when: !team.existing && found && !isManagedTeam(found),
        message: `exists, but fleet does not manage it: its description does not end in ${JSON.stringify(TEAM_DESCRIPTION_SUFFIX)}`,
        fix: "Choose another name, write existing: true, or let fleet manage the team: append that text to its description",
      },
      {
        when: !team.existing && other !== undefined && other !== tenant,
        message: `belongs to the tenant ${other}`,
        fix: "Choose another name, or delete that team on GitHub if it is unused",
      },
      {
        when: !team.existing && found && isAnother(found.nodeId, stated.teams.get(team.name)),
        message: "is another team than the one in the stack's state: it was made again",
        fix: "Check its members. Then pulumi refresh and pulumi up take it over",
      },
      ...adoptionConflicts("teams", mustAdopt && !team.existing && found ? team.name : undefined),
    ]);
  });
}
