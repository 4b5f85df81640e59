import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { basePermission } from "../../state/records.js";
import { requireOrganization, requireOwner } from "../access.js";
import { bodyOf } from "../body.js";
import { notAccessible, requiresAuthentication } from "../errors.js";
import { organizationView, userView } from "../views/user.js";

/** The version of GitHub Enterprise Server with whose description the tests compare. */
export const enterpriseVersion = "3.19.0";

/** The emulator itself, the organisation and its people. */
export function metaRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue, hostKeys, enterpriseServer } = emulator;

  const ofGitHubCom = {
    ssh_key_fingerprints: hostKeys.fingerprints,
    ssh_keys: hostKeys.public,
    git: ["127.0.0.1/32"],
    hooks: ["127.0.0.1/32"],
    web: ["127.0.0.1/32"],
    api: ["127.0.0.1/32"],
  };
  app.get("/meta", async () => ({
    verifiable_password_authentication: false,
    ...(enterpriseServer ? { installed_version: enterpriseVersion } : ofGitHubCom),
  }));

  app.get("/user", async ({ principal }) => {
    if (principal === "anonymous") throw requiresAuthentication();
    if (typeof principal === "object" && principal.app) throw notAccessible("integration");
    return userView(urls, principal === "owner" ? catalogue.admin : catalogue.userById(principal.user));
  });

  app.get<{ Params: { org: string } }>("/orgs/:org", async (request) => {
    requireOrganization(emulator, request.params.org);
    return organizationView(urls, catalogue.state);
  });

  app.patch<{ Params: { org: string } }>("/orgs/:org", async (request) => {
    requireOwner(request);
    requireOrganization(emulator, request.params.org);
    const body = z.object({ default_repository_permission: basePermission });
    catalogue.state.organization.basePermission = bodyOf(request, "Organization", body).default_repository_permission;
    return organizationView(urls, catalogue.state);
  });

  // GitHub Enterprise Server's way to make a user; everybody belongs to the organisation.
  app.post("/admin/users", async (request, reply) => {
    requireOwner(request);
    const { login, email } = bodyOf(request, "User", z.object({ login: z.string(), email: z.string().optional() }));
    const user = catalogue.createUser(login, email ?? `${login}@users.noreply.example`);
    return reply.code(201).send(userView(urls, user));
  });
}
