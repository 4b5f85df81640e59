import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { teamSlug } from "../../state/names.js";
import type { TeamRecord } from "../../state/records.js";
import { idOf, requireOrganization, requireOwner } from "../access.js";
import { bodyOf } from "../body.js";
import { notFound, unprocessable, validationFailed } from "../errors.js";
import { page } from "../paging.js";
import { fullTeamView, teamView } from "../views/team.js";

/** A team is addressed by its organisation and slug, or by two ids, as the Terraform provider does. */
export interface TeamParams {
  readonly org: string;
  readonly team: string;
}

/** Both ways to address a team. */
export const teamAddresses = ["/orgs/:org/teams/:team", "/organizations/:org/team/:team"] as const;

const fields = z
  .object({
    name: z.string().min(1),
    description: z.string().nullable(),
    privacy: z.enum(["secret", "closed"]),
    notification_setting: z.enum(["notifications_enabled", "notifications_disabled"]),
    parent_team_id: z.number().nullable(),
  })
  .partial();

/** The team that a request names. @throws 401 without token, 404 when there is none */
export function teamOf(
  emulator: Emulator,
  request: { params: TeamParams; routeOptions: { url?: string | undefined } } & Parameters<typeof requireOwner>[0],
): TeamRecord {
  const { catalogue } = emulator;
  requireOwner(request);
  const { org, team } = request.params;
  if (!request.routeOptions.url?.includes("/organizations/")) {
    requireOrganization(emulator, org);
    const found = catalogue.teamBySlug(team);
    if (found === undefined) throw notFound();
    return found;
  }
  if (idOf(org) !== catalogue.state.organization.id) throw notFound();
  return catalogue.teamById(idOf(team));
}

/** The teams of the organisation. */
export function teamRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };

  app.get<{ Params: { org: string } }>("/orgs/:org/teams", async (request, reply) => {
    requireOwner(request);
    requireOrganization(emulator, request.params.org);
    return page(request, reply, catalogue.state.teams).map((team) => teamView(context, team));
  });

  app.post<{ Params: { org: string } }>("/orgs/:org/teams", async (request, reply) => {
    requireOwner(request);
    requireOrganization(emulator, request.params.org);
    const body = bodyOf(request, "Team", fields.required({ name: true }));
    const createdAt = catalogue.now();
    const team: TeamRecord = {
      id: catalogue.id(),
      name: body.name,
      slug: teamSlug(body.name),
      description: null,
      privacy: "secret",
      notificationSetting: "notifications_enabled",
      // As on GitHub, the creator of a team maintains it.
      members: [{ user: catalogue.admin.id, role: "maintainer" }],
      repositories: [],
      createdAt,
      updatedAt: createdAt,
    };
    apply(emulator, team, body);
    catalogue.state.teams.push(team);
    return reply.code(201).send(fullTeamView(context, team));
  });

  for (const address of teamAddresses) {
    app.get<{ Params: TeamParams }>(address, async (request) => fullTeamView(context, teamOf(emulator, request)));

    app.patch<{ Params: TeamParams }>(address, async (request) => {
      const team = teamOf(emulator, request);
      apply(emulator, team, bodyOf(request, "Team", fields));
      team.updatedAt = catalogue.now();
      return fullTeamView(context, team);
    });

    app.delete<{ Params: TeamParams }>(address, async (request, reply) => {
      catalogue.removeTeam(teamOf(emulator, request));
      return reply.code(204).send();
    });
  }
}

/** Applies a body to a team. @throws 422 for a name that is taken, and for a parent team */
function apply({ catalogue }: Emulator, team: TeamRecord, body: z.infer<typeof fields>): void {
  const name = body.name ?? team.name;
  const other = catalogue.teamBySlug(teamSlug(name));
  if (teamSlug(name) === "" || (other !== undefined && other !== team)) {
    throw validationFailed({
      resource: "Team",
      field: "name",
      code: "custom",
      message: "Name must be unique for this org",
    });
  }
  if (body.parent_team_id != null) throw unprocessable("The emulator has no nested teams.");
  team.name = name;
  team.slug = teamSlug(name);
  team.privacy = body.privacy ?? team.privacy;
  if (body.description !== undefined) team.description = body.description || null;
  team.notificationSetting = body.notification_setting ?? team.notificationSetting;
}
