import type { FastifyError, FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../context.js";
import { branchFields, branchHeads } from "./branch-query.js";
import { ApiError, requiresAuthentication } from "./errors.js";
import { principalOf } from "./identity.js";

const body = z.object({ query: z.string(), variables: z.record(z.string(), z.string()).default({}) });

/** The query of an account, beside that of branches. */
const viewer = /^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/;

/**
 * GraphQL, as much as it takes to learn whose token it is, which REST does not tell to the token of an App, and to read the heads of
 * many branches by one request.
 * @see https://docs.github.com/graphql/reference/queries#viewer
 */
export async function graphQlRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  const { token, catalogue } = emulator;
  app.setErrorHandler((error: FastifyError | ApiError, _request, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(error.body);
    return reply.code(error.statusCode ?? 500).send({ message: error.message });
  });
  app.post("/", async (request) => {
    const principal = principalOf(request.headers.authorization, { token, state: catalogue.state });
    if (principal === "anonymous") throw requiresAuthentication();
    const { query, variables } = body.parse(request.body);
    const fields = branchFields(query);
    if (fields !== undefined) return await branchHeads(emulator, principal, { fields, variables });
    if (!viewer.test(query)) {
      throw new ApiError(501, {
        message: "The emulator answers no other query than the viewer's and that of branches.",
      });
    }
    const { login } = typeof principal === "object" ? catalogue.userById(principal.user) : catalogue.admin;
    return { data: { viewer: { login } } };
  });
}
