import type { FastifyError, FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../context.js";
import { ApiError, requiresAuthentication } from "./errors.js";
import { principalOf } from "./identity.js";

const body = z.object({ query: z.string() });

/** The one query that there is. */
const viewer = /^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/;

/**
 * GraphQL, as much as it takes to learn whose token it is: REST does not tell it to the token of an App.
 * @see https://docs.github.com/graphql/reference/queries#viewer
 */
export async function graphQlRoutes(app: FastifyInstance, { token, catalogue }: Emulator): Promise<void> {
  app.setErrorHandler((error: FastifyError | ApiError, _request, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(error.body);
    return reply.code(error.statusCode ?? 500).send({ message: error.message });
  });
  app.post("/", async (request) => {
    const principal = principalOf(request.headers.authorization, { token, state: catalogue.state });
    if (principal === "anonymous") throw requiresAuthentication();
    const { query } = body.parse(request.body);
    if (!viewer.test(query))
      throw new ApiError(501, { message: "The emulator answers no other query than the viewer's." });
    const { login } = typeof principal === "object" ? catalogue.userById(principal.user) : catalogue.admin;
    return { data: { viewer: { login } } };
  });
}
