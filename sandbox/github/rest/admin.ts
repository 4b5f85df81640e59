import type { FastifyError, FastifyInstance } from "fastify";
import type { Emulator } from "../context.js";
import { bodyOf } from "./body.js";
import { ApiError, requiresAuthentication } from "./errors.js";
import { faultSchema } from "./faults.js";
import { principalOf } from "./identity.js";

/** Endpoints for tests: what was requested, and faults to come. They are not counted and no fault hits them. */
export async function adminRoutes(app: FastifyInstance, { requests, faults, token }: Emulator): Promise<void> {
  app.addHook("onRequest", async (request) => {
    request.principal = principalOf(request.headers.authorization, token);
    if (request.principal !== "owner") throw requiresAuthentication();
  });
  app.setErrorHandler((error: FastifyError | ApiError, _request, reply) =>
    error instanceof ApiError
      ? reply.code(error.status).send(error.body)
      : reply.code(error.statusCode ?? 500).send({ message: error.message }),
  );

  app.get<{ Querystring: { limit?: string } }>("/requests", async (request) => {
    const limit = Number(request.query.limit ?? 100);
    return requests.report(Number.isInteger(limit) && limit >= 0 ? limit : 100);
  });
  app.delete("/requests", async (_request, reply) => {
    requests.reset();
    return reply.code(204).send();
  });

  app.post("/faults", async (request, reply) => {
    faults.add(bodyOf(request, "Fault", faultSchema));
    return reply.code(204).send();
  });
  app.delete("/faults", async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}
