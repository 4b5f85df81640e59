import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { type TeamPermission, type TeamRecord, teamPermission } from "../../state/records.js";
import { administered, type RepositoryParams, readableByName } from "../access.js";
import { bodyOf } from "../body.js";
import { archived, notFound } from "../errors.js";
import { page } from "../paging.js";
import { minimalRepositoryView, repositoryView } from "../views/repository.js";
import { teamView } from "../views/team.js";
import { type TeamParams, teamAddresses, teamOf } from "./teams.js";

type Params = TeamParams & RepositoryParams;

/** The role names of the teams API's permissions. */
const roleNames: Readonly<Record<TeamPermission, string>> = {
  pull: "read",
  triage: "triage",
  push: "write",
  maintain: "maintain",
  admin: "admin",
};

/** Which teams may do what with which repositories. */
export function teamRepositoryRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };
  const withRole = <View extends object>(view: View, permission: TeamPermission) => ({
    ...view,
    permissions: permissionsOf(permission),
    role_name: roleNames[permission],
  });

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/teams", async (request, reply) => {
    const { id } = administered(emulator, request);
    const grants = catalogue.state.teams.flatMap((team) => {
      const grant = grantOf(team, id);
      return grant === undefined ? [] : [{ ...teamView(context, team), permission: grant.permission }];
    });
    return page(request, reply, grants);
  });

  for (const address of teamAddresses) {
    app.get<{ Params: TeamParams }>(`${address}/repos`, async (request, reply) => {
      const grants = teamOf(emulator, request).repositories;
      return page(request, reply, grants).flatMap(({ repository: id, permission }) => {
        const repository = catalogue.repositoryById(id);
        return repository === undefined ? [] : [withRole(minimalRepositoryView(context, repository), permission)];
      });
    });

    const one = `${address}/repos/:owner/:repo` as const;
    app.get<{ Params: Params }>(one, async (request, reply) => {
      const team = teamOf(emulator, request);
      const repository = readableByName(emulator, request, request.params.owner, request.params.repo);
      const grant = grantOf(team, repository.id);
      if (grant === undefined) throw notFound();
      // The repository itself is shown only to clients that ask for it.
      if (!/vnd\.github\.(v3\.)?repository\+json/.test(request.headers.accept ?? "")) return reply.code(204).send();
      return withRole(repositoryView(context, repository), grant.permission);
    });

    app.put<{ Params: Params }>(one, async (request, reply) => {
      const team = teamOf(emulator, request);
      const repository = readableByName(emulator, request, request.params.owner, request.params.repo);
      if (repository.archived) throw archived();
      const { permission } = bodyOf(request, "TeamMember", z.object({ permission: teamPermission.default("push") }));
      const others = team.repositories.filter((grant) => grant.repository !== repository.id);
      team.repositories = [...others, { repository: repository.id, permission }];
      return reply.code(204).send();
    });

    app.delete<{ Params: Params }>(one, async (request, reply) => {
      const team = teamOf(emulator, request);
      const repository = readableByName(emulator, request, request.params.owner, request.params.repo);
      if (repository.archived) throw archived();
      team.repositories = team.repositories.filter((grant) => grant.repository !== repository.id);
      return reply.code(204).send();
    });
  }
}

function grantOf(team: TeamRecord, repository: number) {
  return team.repositories.find((grant) => grant.repository === repository);
}

function permissionsOf(permission: TeamPermission): Record<TeamPermission, boolean> {
  const rank = teamPermission.options.indexOf(permission);
  const has = (name: TeamPermission): boolean => teamPermission.options.indexOf(name) <= rank;
  return { pull: true, triage: has("triage"), push: has("push"), maintain: has("maintain"), admin: has("admin") };
}
