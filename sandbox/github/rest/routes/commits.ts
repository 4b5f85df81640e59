import type { FastifyInstance } from "fastify";
import { bare, type Emulator } from "../../context.js";
import { changedFiles, readCommit, readCommits } from "../../git/commit.js";
import type { RepositoryRecord } from "../../state/records.js";
import { type RepositoryParams, readable } from "../access.js";
import { conflict, notFound, unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { type CommitContext, commitView } from "../views/commit.js";

/** Where the commits of a repository are shown. */
export function commitContext({ urls, owner, catalogue }: Emulator, repository: RepositoryRecord): CommitContext {
  return {
    urls,
    owner,
    repository: repository.name,
    userByEmail: (email) => catalogue.state.users.find((user) => user.email === email),
  };
}

/** The history of a repository. */
export function commitRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: RepositoryParams; Querystring: { sha?: string; path?: string } }>(
    "/repos/:owner/:repo/commits",
    async (request, reply) => {
      const repository = readable(emulator, request);
      const git = bare(emulator, repository);
      const { sha, path } = request.query;
      const tip = await git.resolve(sha ?? `refs/heads/${repository.defaultBranch}`);
      if (tip === undefined && sha === undefined) throw conflict("Git Repository is empty.");
      if (tip === undefined) throw notFound();
      const commits = await readCommits(git, [tip, ...(path === undefined ? [] : ["--", path])]);
      const context = commitContext(emulator, repository);
      return page(request, reply, commits).map((commit) => commitView(context, commit));
    },
  );

  app.get<{ Params: RepositoryParams & { "*": string } }>("/repos/:owner/:repo/commits/*", async (request, reply) => {
    const repository = readable(emulator, request);
    const git = bare(emulator, repository);
    const revision = request.params["*"];
    if ((await git.refs("refs/heads")).length === 0) throw conflict("Git Repository is empty.");
    const sha = await git.resolve(revision);
    if (sha === undefined) throw unprocessable(`No commit found for SHA: ${revision}`);
    const commit = await readCommit(git, sha);
    const files = page(request, reply, await changedFiles(git, commit));
    return commitView(commitContext(emulator, repository), commit, files);
  });
}
