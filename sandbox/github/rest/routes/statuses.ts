import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bare, type Emulator } from "../../context.js";
import { type CommitStatusRecord, commitState, type RepositoryRecord } from "../../state/records.js";
import { type RepositoryParams, readable, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { nodeId } from "../urls.js";
import { accountView } from "../views/user.js";

const creation = z.object({
  state: commitState,
  context: z.string().max(255).optional(),
  // GitHub's own limit.
  description: z.string().max(140).nullish(),
  target_url: z.url({ protocol: /^https?$/ }).nullish(),
});

/**
 * The statuses of a repository's commits, each with a context; of each context the newest counts.
 * @see https://docs.github.com/rest/commits/statuses
 */
export function statusRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const view = (repository: RepositoryRecord, status: CommitStatusRecord) => {
    const creator = accountView(urls, catalogue.admin, "User");
    return {
      url: `${urls.repository(repository.name)}/statuses/${status.sha}`,
      avatar_url: creator.avatar_url,
      id: status.id,
      node_id: nodeId("StatusContext", status.id),
      state: status.state,
      description: status.description,
      target_url: status.targetUrl,
      context: status.context,
      created_at: status.createdAt,
      updated_at: status.createdAt,
      creator,
    };
  };
  /** @throws 422 when it stands for no commit */
  const commitOf = async (repository: RepositoryRecord, revision: string): Promise<string> => {
    const sha = await bare(emulator, repository).resolve(revision);
    if (sha === undefined) throw unprocessable(`No commit found for SHA: ${revision}`);
    return sha;
  };

  app.post<{ Params: RepositoryParams & { sha: string } }>(
    "/repos/:owner/:repo/statuses/:sha",
    async (request, reply) => {
      const repository = writable(emulator, request);
      const body = bodyOf(request, "Status", creation);
      const { sha } = request.params;
      if ((await commitOf(repository, sha)) !== sha) throw unprocessable(`No commit found for SHA: ${sha}`);
      const status: CommitStatusRecord = {
        id: catalogue.id(),
        sha,
        state: body.state,
        context: body.context || "default",
        description: body.description ?? null,
        targetUrl: body.target_url ?? null,
        createdAt: catalogue.now(),
      };
      repository.statuses.push(status);
      const shown = view(repository, status);
      return reply.code(201).header("location", shown.url).send(shown);
    },
  );

  app.get<{ Params: RepositoryParams & { ref: string } }>(
    "/repos/:owner/:repo/commits/:ref/statuses",
    async (request, reply) => {
      const repository = readable(emulator, request);
      const sha = await commitOf(repository, request.params.ref);
      const newestFirst = repository.statuses.filter((status) => status.sha === sha).toReversed();
      return page(request, reply, newestFirst).map((status) => view(repository, status));
    },
  );
}
