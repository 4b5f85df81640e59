import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../context.js";
import { administered, type RepositoryParams } from "../access.js";
import { page } from "../paging.js";
import { roleOf } from "../roles.js";
import { accountView } from "../views/user.js";

/** The people of a repository: the organisation's owner, members of teams, and everyone by the base permission. */
export function collaboratorRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/collaborators", async (request, reply) => {
    const repository = administered(emulator, request);
    const people = catalogue.state.users
      .filter(({ bot }) => !bot)
      .flatMap((user) => {
        const { name, permissions } = roleOf(catalogue.state, repository, user.id);
        return name === undefined ? [] : [{ ...accountView(urls, user, "User"), permissions, role_name: name }];
      });
    return page(request, reply, people);
  });
}
