import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { bare, type Emulator } from "../../context.js";
import { combinedState } from "../../rules/checks.js";
import { type CommitStatusRecord, commitState, type RepositoryRecord } from "../../state/records.js";
import type { RepositoryParams } from "../access.js";
import { bodyOf } from "../body.js";
import { unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { permitted, permittedWriter } from "../permissions.js";
import { minimalRepositoryView } from "../views/repository.js";
import { simpleStatusView, statusView } from "../views/status.js";

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
  const context = { urls, users: catalogue };
  app.post<{ Params: RepositoryParams & { sha: string } }>(
    "/repos/:owner/:repo/statuses/:sha",
    async (request, reply) => {
      const { repository, user } = permittedWriter(emulator, request, { permissions: ["statuses"], role: "push" });
      const body = bodyOf(request, "Status", creation);
      const { sha } = request.params;
      if ((await commitOf(emulator, repository, sha)) !== sha) throw unprocessable(`No commit found for SHA: ${sha}`);
      const status: CommitStatusRecord = {
        id: catalogue.id(),
        sha,
        state: body.state,
        context: body.context || "default",
        description: body.description ?? null,
        targetUrl: body.target_url ?? null,
        creator: user.id,
        createdAt: catalogue.now(),
      };
      repository.statuses.push(status);
      const shown = statusView(context, repository, status);
      return reply.code(201).header("location", shown.url).send(shown);
    },
  );

  app.get<{ Params: RepositoryParams & { ref: string } }>(
    "/repos/:owner/:repo/commits/:ref/statuses",
    async (request, reply) => {
      const repository = readable(emulator, request);
      const sha = await commitOf(emulator, repository, request.params.ref);
      const newestFirst = repository.statuses.filter((status) => status.sha === sha).toReversed();
      return page(request, reply, newestFirst).map((status) => statusView(context, repository, status));
    },
  );

  combinedRoute(app, emulator);
}

/** The state of a commit as a whole. */
function combinedRoute(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, users: catalogue };
  app.get<{ Params: RepositoryParams & { ref: string } }>(
    "/repos/:owner/:repo/commits/:ref/status",
    async (request, reply) => {
      const repository = readable(emulator, request);
      const sha = await commitOf(emulator, repository, request.params.ref);
      const ofCommit = repository.statuses.filter((status) => status.sha === sha);
      const newest = [...new Map(ofCommit.map((status) => [status.context, status])).values()];
      const commit = `${urls.repository(repository.name)}/commits/${sha}`;
      return {
        state: combinedState(newest.map(({ state }) => state)),
        statuses: page(request, reply, newest).map((status) => simpleStatusView(context, repository, status)),
        sha,
        total_count: newest.length,
        repository: minimalRepositoryView({ urls, state: catalogue.state }, repository),
        commit_url: commit,
        url: `${commit}/status`,
      };
    },
  );
}

function readable(emulator: Emulator, request: FastifyRequest<{ Params: RepositoryParams }>): RepositoryRecord {
  return permitted(emulator, request, { permissions: ["statuses"], level: "read" }).repository;
}

/** @throws 422 when a revision stands for no commit */
async function commitOf(emulator: Emulator, repository: RepositoryRecord, revision: string): Promise<string> {
  const sha = await bare(emulator, repository).resolve(revision);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${revision}`);
  return sha;
}
