import type { FastifyInstance } from "fastify";
import { bare, type Emulator } from "../context.js";
import { type RepositoryParams, readable } from "./access.js";
import { ApiError, notFound } from "./errors.js";
import { principalOf } from "./identity.js";

type RawParams = RepositoryParams & { readonly ref: string; readonly "*": string };

/** The bytes of files: where `download_url` leads. Private ones need the token in a header. */
export async function rawRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  app.addHook("onRequest", async (request) => {
    request.principal = principalOf(request.headers.authorization, emulator.token);
  });
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ApiError)) throw error;
    return reply.code(error.status).send(error.body);
  });

  app.get<{ Params: RawParams }>("/:owner/:repo/:ref/*", async (request, reply) => {
    const git = bare(emulator, readable(emulator, request));
    const commit = await git.resolve(request.params.ref);
    const entry = commit === undefined ? undefined : await git.entry(commit, request.params["*"]);
    if (entry?.type !== "blob") throw notFound();
    return reply.type("application/octet-stream").send(await git.blob(entry.sha));
  });
}
