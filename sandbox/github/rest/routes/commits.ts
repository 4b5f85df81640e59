import type { FastifyInstance } from "fastify";
import { bare, type Emulator } from "../../context.js";
import { changedFiles, readCommit, readCommits } from "../../git/commit.js";
import { findCommit } from "../../git/look-up.js";
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
  listAndReadRoutes(app, emulator);
  comparisonRoute(app, emulator);
}

function listAndReadRoutes(app: FastifyInstance, emulator: Emulator): void {
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
    const commit = await findCommit(git, revision);
    if (commit === undefined) {
      if ((await git.refs("refs/heads")).length === 0) throw conflict("Git Repository is empty.");
      throw unprocessable(`No commit found for SHA: ${revision}`);
    }
    const files = page(request, reply, await changedFiles(git, commit));
    return commitView(commitContext(emulator, repository), commit, files);
  });
}

function comparisonRoute(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: RepositoryParams & { "*": string } }>("/repos/:owner/:repo/compare/*", async (request, reply) => {
    const repository = readable(emulator, request);
    const git = bare(emulator, repository);
    const [, ...revisions] = /^(.+?)\.\.\.(.+)$/.exec(request.params["*"]) ?? [];
    const [base, head] = await Promise.all(revisions.map((revision) => git.resolve(revision)));
    if (base === undefined || head === undefined) throw notFound();
    const { stdout } = await git.git(["merge-base", base, head]);
    const common = await readCommit(git, stdout.toString().trim());
    const [commits, behind] = await Promise.all([
      readCommits(git, [`${base}..${head}`]),
      git.commitsBetween(head, base),
    ]);
    const context = commitContext(emulator, repository);
    const views = commits.toReversed().map((commit) => commitView(context, commit));
    const counts = { ahead_by: commits.length, behind_by: behind.length, total_commits: commits.length };
    return {
      ...comparisonUrls(context, request.params["*"]),
      base_commit: commitView(context, await readCommit(git, base)),
      merge_base_commit: commitView(context, common),
      status: comparisonStatus(commits.length, behind.length),
      ...counts,
      commits: page(request, reply, views),
    };
  });
}

/** Changed files are left out: no client of the emulator reads them. */
function comparisonUrls({ urls, owner, repository }: CommitContext, basehead: string) {
  const url = `${urls.repository(repository)}/compare/${basehead}`;
  const html = urls.page(`${owner}/${repository}/compare/${basehead}`);
  return { url, html_url: html, permalink_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` };
}

function comparisonStatus(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}
