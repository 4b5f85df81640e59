import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Emulator } from "../../context.js";
import {
  appOfJwt,
  claimedApp,
  createInstallationToken,
  requireInstallation,
  timeFor,
} from "../../state/installed-apps.js";
import type { InstalledAppRecord } from "../../state/records.js";
import { requireOrganization } from "../access.js";
import { notFound } from "../errors.js";
import { installationView } from "../views/installation.js";

type IdRequest = FastifyRequest<{ Params: { id: string } }>;

/** The endpoints that an App uses as itself, by a JWT. */
export function installedAppRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const identify = ({ headers: { authorization } }: FastifyRequest, reply: FastifyReply): InstalledAppRecord => {
    const claimed = claimedApp(catalogue.state, authorization);
    if (claimed !== undefined) reply.header("date", new Date(timeFor(claimed)).toUTCString());
    return appOfJwt(catalogue.state, authorization);
  };

  app.get("/app/installations/:id", async (request: IdRequest, reply) => {
    const found = requireInstallation(identify(request, reply), request.params.id);
    return installationView(urls, catalogue.state, found);
  });

  app.post("/app/installations/:id/access_tokens", async (request: IdRequest, reply) => {
    const found = requireInstallation(identify(request, reply), request.params.id);
    return reply.code(201).send({ ...createInstallationToken(catalogue, found), repository_selection: "all" });
  });

  app.get("/orgs/:org/installation", async (request: FastifyRequest<{ Params: { org: string } }>, reply) => {
    const found = identify(request, reply);
    requireOrganization(emulator, request.params.org);
    if (found.installation.account.toLowerCase() !== emulator.owner.toLowerCase()) throw notFound();
    return installationView(urls, catalogue.state, found);
  });
}
