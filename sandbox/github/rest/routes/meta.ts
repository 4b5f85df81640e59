import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { requireOrganization, requireOwner } from "../access.js";
import { bodyOf } from "../body.js";
import { notFound } from "../errors.js";
import { organizationView, userView } from "../views/user.js";

/** The emulator itself, the organisation and its people. */
export function metaRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue, hostKeys } = emulator;

  app.get("/meta", async () => ({
    verifiable_password_authentication: false,
    ssh_key_fingerprints: hostKeys.fingerprints,
    ssh_keys: hostKeys.public,
    git: ["127.0.0.1/32"],
    hooks: ["127.0.0.1/32"],
    web: ["127.0.0.1/32"],
    api: ["127.0.0.1/32"],
  }));

  app.get("/rate_limit", async () => {
    const limit = { limit: 5000, used: 0, remaining: 5000, reset: Math.floor(Date.now() / 1000) + 3600 };
    return { resources: { core: limit, search: limit, graphql: limit }, rate: limit };
  });

  app.get<{ Params: { org: string } }>("/orgs/:org", async (request) => {
    requireOrganization(emulator, request.params.org);
    return organizationView(urls, catalogue.state);
  });

  app.get("/user", async (request) => {
    requireOwner(request);
    return userView(urls, catalogue.admin);
  });

  app.get<{ Params: { username: string } }>("/users/:username", async (request) => {
    const user = catalogue.user(request.params.username);
    if (user === undefined) throw notFound();
    return userView(urls, user);
  });

  // GitHub Enterprise Server's way to make a user; everybody belongs to the organisation.
  app.post("/admin/users", async (request, reply) => {
    requireOwner(request);
    const { login, email } = bodyOf(request, "User", z.object({ login: z.string(), email: z.string().optional() }));
    const user = catalogue.createUser(login, email ?? `${login}@users.noreply.example`);
    return reply.code(201).send(userView(urls, user));
  });
}
