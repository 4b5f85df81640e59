import type { FastifyInstance, FastifyRequest } from "fastify";
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

/** The routes for the permissions of teams on repositories. */
export function teamRepositoryRoutes(app: FastifyInstance, emulator: Emulator): void {
  listRoutes(app, emulator);
  for (const address of teamAddresses) grantRoutes(app, emulator, `${address}/repos/:owner/:repo`);
}

/** Lists the teams of a repository, and the repositories of a team. */
function listRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };

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
  }
}

/** Reads, sets and removes the permission of one team on one repository. */
function grantRoutes(app: FastifyInstance, emulator: Emulator, address: string): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };
  const named = (request: FastifyRequest<{ Params: Params }>) => ({
    team: teamOf(emulator, request),
    repository: readableByName(emulator, request, request.params.owner, request.params.repo),
  });

  app.get<{ Params: Params }>(address, async (request, reply) => {
    const { team, repository } = named(request);
    const grant = grantOf(team, repository.id);
    if (grant === undefined) throw notFound();
    // The repository itself is shown only to clients that ask for it.
    if (!/vnd\.github\.(v3\.)?repository\+json/.test(request.headers.accept ?? "")) return reply.code(204).send();
    return withRole(repositoryView(context, repository), grant.permission);
  });

  app.put<{ Params: Params }>(address, async (request, reply) => {
    const { team, repository } = named(request);
    if (repository.archived) throw archived();
    const { permission } = bodyOf(request, "TeamMember", z.object({ permission: teamPermission.default("push") }));
    team.repositories = [...grantsBeside(team, repository.id), { repository: repository.id, permission }];
    return reply.code(204).send();
  });

  app.delete<{ Params: Params }>(address, async (request, reply) => {
    const { team, repository } = named(request);
    if (repository.archived) throw archived();
    team.repositories = grantsBeside(team, repository.id);
    return reply.code(204).send();
  });
}

function withRole<View extends object>(view: View, permission: TeamPermission) {
  return { ...view, permissions: permissionsOf(permission), role_name: roleNames[permission] };
}

function grantsBeside(team: TeamRecord, repository: number) {
  return team.repositories.filter((grant) => grant.repository !== repository);
}

function grantOf(team: TeamRecord, repository: number) {
  return team.repositories.find((grant) => grant.repository === repository);
}

function permissionsOf(permission: TeamPermission): Record<TeamPermission, boolean> {
  const rank = teamPermission.options.indexOf(permission);
  const has = (name: TeamPermission): boolean => teamPermission.options.indexOf(name) <= rank;
  return { pull: true, triage: has("triage"), push: has("push"), maintain: has("maintain"), admin: has("admin") };
}
