import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { placedParts } from "../config/tenant/parts.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import { isManagedByFleet as isManagedTeam, TEAM_DESCRIPTION_SUFFIX, tenantOfTeam } from "../lib/github/team.js";
import {
  FLUX_NAMESPACE,
  isManagedByFleet,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
  TENANT_LABEL,
} from "../lib/kubernetes/ownership-labels.js";
import { SHARD_LABEL } from "../lib/kubernetes/shards.js";
import { shellWord } from "../lib/process/shell-word.js";
import { emptyState, objectIdentity, type StateIndex } from "../lib/state/stack-state.js";
import type { ExistingNamespace, Namespaces } from "./cluster.js";
import { adoptionConflicts, type Conflict, firstConflict, isAnother, isMissing, type Locator } from "./conflict.js";
import type { OwnerStack } from "./owner-stack.js";
import { mustAdoptTeam, type TeamMembers, type Writers } from "./people.js";
import type { RenamedRepositories } from "./renamed-repositories.js";
import { repositoryConflicts } from "./repository-conflicts.js";
import { syncConflicts } from "./sync-conflicts.js";

/** The existing objects that a stack may conflict with. */
export interface ExistingState extends Pick<ExistingGitHub, "repositories" | "teams"> {
  readonly namespaces: Namespaces;
  /** The stack's state from before the update. */
  readonly stated: StateIndex;
  /** The repositories of the stack that creates them. */
  readonly owner: OwnerStack;
  readonly renamed: RenamedRepositories;
  /** The members of each team that is not in the state, by its address. */
  readonly teamMembers: TeamMembers;
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
  const { owner = {}, renamed = new Map(), writers = new Map(), teamMembers = new Map() } = found;
  return [
    ...(namespaces ? namespaceConflicts({ namespaces, stated }, spec, locate) : []),
    ...(repositories ? repositoryConflicts({ repositories, stated, owner, renamed, writers }, spec, locate) : []),
    ...syncConflicts(stated, { spec, renamed, locate }),
    ...(teams ? teamConflicts({ teams, stated, teamMembers }, spec, locate) : []),
  ];
}

/** A namespace that the stack needs. */
interface NamedNamespace {
  readonly name: string;
  readonly locator: Locator;
  /** @default - Flux's namespace, which belongs to no tenant */
  readonly tenant?: string;
}

function namespaceConflicts(
  { namespaces: existing, stated }: Pick<ExistingState, "namespaces" | "stated">,
  spec: FleetSpec,
  locate: Locate,
): Problem[] {
  const named: NamedNamespace[] = [
    { name: FLUX_NAMESPACE, locator: () => ({ file: `Pulumi.${spec.stack}.yaml`, path: "stack" }) },
    ...spec.tenants.flatMap(({ name: tenant, namespaces }) =>
      placedParts("namespace", namespaces).map(({ name, namePlace }) => {
        return { name, locator: () => locate(tenant, namePlace), tenant };
      }),
    ),
  ];
  return named.flatMap((one) => {
    const found = existing.get(one.name);
    const conflicts = found === undefined ? lostNamespace(one, stated) : takenNamespace(one, found, spec);
    return firstConflict(`the namespace ${one.name}`, one.locator, conflicts);
  });
}

/** Pulumi believes its state: it would report that nothing changes, although nothing is there. */
function lostNamespace({ name, tenant }: NamedNamespace, stated: ExistingState["stated"]): Conflict[] {
  return [
    {
      when: stated.objects.has(objectIdentity("kubernetes:core/v1:Namespace", { name }) ?? ""),
      message: `is in the stack's state, and the cluster does not have it${tenant === undefined ? ": it is a new cluster, or another one" : ""}`,
      fix: "Check KUBECONFIG. If the cluster was made again or the namespace was deleted, run pulumi refresh, and then pulumi up: it creates what is missing",
    },
  ];
}

function takenNamespace(
  { name, tenant }: NamedNamespace,
  { labels, terminating }: ExistingNamespace,
  { stack, flux: { shards } }: FleetSpec,
): Conflict[] {
  const { [STACK_LABEL]: ownerStack = stack, [TENANT_LABEL]: ownerTenant = tenant, [SHARD_LABEL]: shard } = labels;
  return [
    {
      when: !isManagedByFleet(labels),
      message: `exists, but fleet does not manage it: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
      fix: `Choose another name, remove the namespace, or let fleet manage it: kubectl label namespace ${shellWord(name)} ${MANAGED_BY_LABEL}=${MANAGED_BY} ${shellWord(`${STACK_LABEL}=${stack}`)}`,
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
      // Without any shard, the main controllers take all objects, whatever their labels.
      when: shard !== undefined && shards.length > 0 && !shards.includes(shard),
      message: `has objects of the shard ${shard}, which fleet:shards does not list: nothing would reconcile or remove them`,
      fix: `Keep ${shard} in fleet:shards for the update that moves the tenant to another shard, and until none of its objects has the label (docs/tenants/shards.md)`,
    },
    {
      when: terminating,
      message: "is being deleted, so nothing can be created in it",
      fix: `Wait until it is gone: kubectl wait namespace ${shellWord(name)} --for=delete. If it stays, its status.conditions name what keeps it. Then run pulumi refresh, and pulumi up`,
    },
  ];
}

function teamConflicts(
  { teams, stated, teamMembers }: Pick<ExistingState, "teams" | "stated" | "teamMembers">,
  spec: FleetSpec,
  locate: Locate,
): Problem[] {
  const { github, tenants, tenantsElsewhere } = spec;
  if (!github.ownsRepositories) return [];
  return [...tenants, ...tenantsElsewhere].flatMap(({ name: tenant, team }) => {
    if (team === undefined) return [];
    const found = teams.get(team.name);
    const other = found && tenantOfTeam(found);
    const members = teamMembers.get(team.name);
    const people = members === undefined ? "" : ` (its members: ${members.join(", ") || "none"})`;
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
      ...adoptionConflicts("teams", found && mustAdoptTeam(team, spec, stated) ? team.name : undefined, people),
    ]);
  });
}
