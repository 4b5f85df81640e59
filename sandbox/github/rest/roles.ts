import type { RepositoryRecord, State, TeamPermission } from "../state/records.js";

/** Rights from the least to the most, with the role names of the API. */
const roles = [
  ["pull", "read"],
  ["triage", "triage"],
  ["push", "write"],
  ["maintain", "maintain"],
  ["admin", "admin"],
] as const satisfies readonly (readonly [TeamPermission, string])[];

/** The rights that a base permission of the organisation gives on every repository. */
const ofBase = { none: -1, read: 0, write: 2, admin: 4 } as const;

/** The role of a person on a repository. */
export interface Role {
  /** Undefined for a person without any right. */
  readonly name: (typeof roles)[number][1] | undefined;
  /** Each right, and whether the role has it. */
  readonly permissions: Readonly<Record<TeamPermission, boolean>>;
}

/** The role of a person on a repository: owner of the organisation, by teams, and by the base permission. */
export function roleOf(state: State, repository: RepositoryRecord, user: number): Role {
  const level = levelOf(state, repository, user);
  const permissions = Object.fromEntries(roles.map(([name], index) => [name, index <= level]));
  return { name: roles[level]?.[1], permissions: permissions as Record<TeamPermission, boolean> };
}

function levelOf(state: State, repository: RepositoryRecord, user: number): number {
  if (user === state.users[0]?.id) return roles.length - 1;
  const ofTeams = state.teams
    .filter(({ members }) => members.some((member) => member.user === user))
    .flatMap(({ repositories }) => repositories.filter((grant) => grant.repository === repository.id))
    .map(({ permission }) => roles.findIndex(([name]) => name === permission));
  return Math.max(ofBase[state.organization.basePermission], ...ofTeams);
}
