import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../context.js";
import type { RepositoryRecord, TeamPermission } from "../../state/records.js";
import { administered, type RepositoryParams } from "../access.js";
import { page } from "../paging.js";
import { accountView } from "../views/user.js";

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

/** The people of a repository: the organisation's owner, members of teams, and everyone by the base permission. */
export function collaboratorRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/collaborators", async (request, reply) => {
    const repository = administered(emulator, request);
    const people = catalogue.state.users.flatMap((user) => {
      const level = levelOf(emulator, repository, user.id);
      const role = roles[level]?.[1];
      if (role === undefined) return [];
      const permissions = Object.fromEntries(roles.map(([name], index) => [name, index <= level]));
      return [{ ...accountView(urls, user, "User"), permissions, role_name: role }];
    });
    return page(request, reply, people);
  });
}

function levelOf({ catalogue }: Emulator, repository: RepositoryRecord, user: number): number {
  if (user === catalogue.admin.id) return roles.length - 1;
  const ofTeams = catalogue.state.teams
    .filter(({ members }) => members.some((member) => member.user === user))
    .flatMap(({ repositories }) => repositories.filter((grant) => grant.repository === repository.id))
    .map(({ permission }) => roles.findIndex(([name]) => name === permission));
  return Math.max(ofBase[catalogue.state.organization.basePermission], ...ofTeams);
}
