import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import type { TeamRecord, UserRecord } from "../../state/records.js";
import { bodyOf } from "../body.js";
import { notFound } from "../errors.js";
import { page } from "../paging.js";
import { accountView } from "../views/user.js";
import { type TeamParams, teamAddresses, teamOf } from "./teams.js";

type MemberParams = TeamParams & { readonly username: string };

const fields = z.object({ role: z.enum(["member", "maintainer"]).default("member") });

/** The members of teams, and their roles. */
export function teamMembershipRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const view = (team: TeamRecord, user: UserRecord) => {
    const member = team.members.find((candidate) => candidate.user === user.id);
    if (member === undefined) throw notFound();
    const url = urls.api(`organizations/${catalogue.state.organization.id}/team/${team.id}/memberships/${user.login}`);
    return { url, role: member.role, state: "active" };
  };

  for (const address of teamAddresses) {
    app.get<{ Params: TeamParams; Querystring: { role?: string } }>(`${address}/members`, async (request, reply) => {
      const { role = "all" } = request.query;
      const members = teamOf(emulator, request).members.filter((member) => role === "all" || member.role === role);
      const users = members.map(({ user }) => catalogue.userById(user));
      return page(request, reply, users).map((user) => accountView(urls, user, "User"));
    });

    const membership = `${address}/memberships/:username` as const;
    app.get<{ Params: MemberParams }>(membership, async (request) =>
      view(teamOf(emulator, request), userOf(emulator, request.params.username)),
    );
    app.put<{ Params: MemberParams }>(membership, async (request) => {
      const team = teamOf(emulator, request);
      const user = userOf(emulator, request.params.username);
      const { role } = bodyOf(request, "TeamMember", fields);
      team.members = [...team.members.filter((member) => member.user !== user.id), { user: user.id, role }];
      return view(team, user);
    });
    app.delete<{ Params: MemberParams }>(membership, async (request, reply) => {
      const team = teamOf(emulator, request);
      const user = userOf(emulator, request.params.username);
      view(team, user);
      team.members = team.members.filter((member) => member.user !== user.id);
      return reply.code(204).send();
    });
  }
}

function userOf({ catalogue }: Emulator, login: string): UserRecord {
  const user = catalogue.user(login);
  if (user === undefined) throw notFound();
  return user;
}
