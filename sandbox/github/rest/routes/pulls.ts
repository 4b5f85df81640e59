import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bare, type Emulator, ownerSignature } from "../../context.js";
import { comparison, mergedTree } from "../../git/merge.js";
import { commitTree } from "../../git/write.js";
import type { PullRecord, RepositoryRecord } from "../../state/records.js";
import { idOf, type RepositoryParams, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { authorOf, nextNumber, requireAuthor } from "../conversations.js";
import { ApiError, conflict, notFound, validationFailed } from "../errors.js";
import { moveRef } from "../move-ref.js";
import { page } from "../paging.js";
import { permitted, permittedWriter } from "../permissions.js";
import { pullSummary, pullView } from "../views/pull.js";

type PullParams = RepositoryParams & { readonly number: string };

const creation = z.object({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullable().optional(),
  draft: z.boolean().optional(),
});
const merging = z
  .object({
    sha: z.string(),
    commit_title: z.string(),
    commit_message: z.string(),
    merge_method: z.enum(["merge", "squash", "rebase"]),
  })
  .partial();

const change = z
  .object({ title: z.string().min(1), body: z.string().nullable(), state: z.enum(["open", "closed"]) })
  .partial();
const reading = { permissions: ["pull_requests"], level: "read" } as const;

/** Pull requests within a repository: as much as it takes to get a change past a ruleset. There are no reviews. */
export function pullRoutes(app: FastifyInstance, emulator: Emulator): void {
  readRoutes(app, emulator);
  writeRoutes(app, emulator);
}

function contextOf({ urls, catalogue }: Emulator) {
  return { urls, state: catalogue.state, user: catalogue.admin };
}

async function view(emulator: Emulator, repository: RepositoryRecord, pull: PullRecord) {
  const git = bare(emulator, repository);
  const size = await comparison(git, pull.base.sha, pull.head.sha);
  const mergeable =
    pull.state === "closed" ? null : (await mergedTree(git, pull.base.sha, pull.head.sha)) !== undefined;
  return pullView(contextOf(emulator), repository, pull, size, mergeable);
}

function readRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: RepositoryParams; Querystring: { state?: string; head?: string; base?: string } }>(
    "/repos/:owner/:repo/pulls",
    async (request, reply) => {
      const { repository } = permitted(emulator, request, reading);
      await follow(emulator, repository);
      const { state = "open", head, base } = request.query;
      const pulls = repository.pulls.filter(
        (pull) =>
          (state === "all" || pull.state === state) &&
          (head === undefined || branchOf(head) === pull.head.ref) &&
          (base === undefined || base === pull.base.ref),
      );
      return page(request, reply, pulls.toReversed()).map((pull) => pullSummary(contextOf(emulator), repository, pull));
    },
  );

  app.get<{ Params: PullParams }>("/repos/:owner/:repo/pulls/:number", async (request) => {
    const { repository } = permitted(emulator, request, reading);
    await follow(emulator, repository);
    return view(emulator, repository, find(repository, request.params.number));
  });
}

function writeRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { catalogue, repositories } = emulator;

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/pulls", async (request, reply) => {
    const { repository, user } = permittedWriter(emulator, request, { permissions: ["pull_requests"] });
    const body = bodyOf(request, "PullRequest", creation);
    const pull = await newPull(emulator, { repository, user: user.id }, body);
    return reply.code(201).send(await view(emulator, repository, pull));
  });

  app.patch<{ Params: PullParams }>("/repos/:owner/:repo/pulls/:number", async (request) => {
    const { repository, user } = permittedWriter(emulator, request, { permissions: ["pull_requests"] });
    await follow(emulator, repository);
    const pull = find(repository, request.params.number);
    requireAuthor(emulator, request, { repository, author: authorOf(emulator, pull).id, user });
    update(pull, bodyOf(request, "PullRequest", change), catalogue.now());
    return view(emulator, repository, pull);
  });

  app.put<{ Params: PullParams }>("/repos/:owner/:repo/pulls/:number/merge", async (request) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "PullRequest", merging);
    return repositories.exclusively(repository.id, async () => {
      await follow(emulator, repository);
      return merge(emulator, repository, find(repository, request.params.number), body);
    });
  });
}

/** Opens a pull request between two branches. @throws 422 when a branch is missing, or when there is nothing to merge */
async function newPull(
  emulator: Emulator,
  { repository, user }: { readonly repository: RepositoryRecord; readonly user: number },
  body: z.infer<typeof creation>,
): Promise<PullRecord> {
  const git = bare(emulator, repository);
  const ref = branchOf(body.head);
  const [head, base] = await Promise.all([git.branch(ref), git.branch(body.base)]);
  if (head === undefined) throw validationFailed({ resource: "PullRequest", field: "head", code: "invalid" });
  if (base === undefined) throw validationFailed({ resource: "PullRequest", field: "base", code: "invalid" });
  const open = repository.pulls.some(
    (pull) => pull.state === "open" && pull.head.ref === ref && pull.base.ref === body.base,
  );
  const reason = open
    ? `A pull request already exists for ${emulator.owner}:${ref}.`
    : (await git.isAncestor(head, base))
      ? `No commits between ${body.base} and ${ref}`
      : undefined;
  if (reason !== undefined) {
    throw validationFailed({ resource: "PullRequest", field: "head", code: "custom", message: reason });
  }
  const createdAt = emulator.catalogue.now();
  const pull: PullRecord = {
    id: emulator.catalogue.id(),
    number: nextNumber(repository),
    title: body.title,
    body: body.body ?? null,
    state: "open",
    user,
    locked: false,
    lockReason: null,
    draft: body.draft ?? false,
    head: { ref, sha: head },
    base: { ref: body.base, sha: base },
    mergeCommit: null,
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    mergedAt: null,
  };
  // At once, so that no other one gets its number.
  repository.pulls.push(pull);
  return pull;
}

/** @throws 422 for a merged pull request, which stays closed */
function update(pull: PullRecord, { title, body, state }: z.infer<typeof change>, now: string): void {
  if (state === "open" && pull.mergedAt !== null) {
    throw validationFailed({ resource: "PullRequest", field: "state", code: "invalid" });
  }
  pull.title = title ?? pull.title;
  pull.body = body === undefined ? pull.body : body;
  pull.updatedAt = now;
  if (state === undefined || state === pull.state) return;
  pull.state = state;
  pull.closedAt = state === "closed" ? now : null;
}

/** Updates the open pull requests to the tips of their branches. */
async function follow(emulator: Emulator, repository: RepositoryRecord): Promise<void> {
  const git = bare(emulator, repository);
  for (const pull of repository.pulls.filter(({ state }) => state === "open")) {
    const [head, base] = await Promise.all([git.branch(pull.head.ref), git.branch(pull.base.ref)]);
    pull.head.sha = head ?? pull.head.sha;
    pull.base.sha = base ?? pull.base.sha;
  }
}

async function merge(
  emulator: Emulator,
  repository: RepositoryRecord,
  pull: PullRecord,
  body: z.infer<typeof merging>,
) {
  if (body.sha !== undefined && body.sha !== pull.head.sha) {
    throw conflict("Head branch was modified. Review and try the merge again.");
  }
  const git = bare(emulator, repository);
  const method = body.merge_method ?? "merge";
  const { settings } = repository;
  const allowed = { merge: settings.allow_merge_commit, squash: settings.allow_squash_merge, rebase: false }[method];
  if (pull.state !== "open" || pull.draft) throw notMergeable("Pull Request is not mergeable");
  if (!allowed) throw notMergeable(`${method} merges are not allowed on this repository.`);
  if (approvalsNeeded(repository) > 0)
    throw notMergeable("At least 1 approving review is required by reviewers with write access.");
  const tree = await mergedTree(git, pull.base.sha, pull.head.sha);
  if (tree === undefined) throw notMergeable("Pull Request has merge conflicts");
  const title =
    body.commit_title ??
    (method === "squash"
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${emulator.owner}/${pull.head.ref}`);
  const author = ownerSignature(emulator);
  const parents = method === "squash" ? [pull.base.sha] : [pull.base.sha, pull.head.sha];
  const message = `${title}\n\n${body.commit_message ?? pull.title}`;
  const sha = await commitTree(git, tree, parents, { message, author, committer: author });
  await moveRef(
    emulator,
    repository,
    { ref: `refs/heads/${pull.base.ref}`, before: pull.base.sha, after: sha },
    { mergedHead: pull.head.sha },
  );
  const now = emulator.catalogue.now();
  Object.assign(pull, { state: "closed", mergeCommit: sha, mergedAt: now, closedAt: now, updatedAt: now });
  return { sha, merged: true, message: "Pull Request successfully merged" };
}

/** The number of required approvals. The emulator has none, so such a ruleset keeps every pull request open. */
function approvalsNeeded({ rulesets }: RepositoryRecord): number {
  const counts = rulesets
    .filter(({ enforcement }) => enforcement === "active")
    .flatMap(({ rules }) => rules)
    .filter(({ type }) => type === "pull_request")
    .map(({ parameters }) => Number(parameters?.required_approving_review_count ?? 0));
  return Math.max(0, ...counts);
}

function notMergeable(message: string): ApiError {
  return new ApiError(405, { message });
}

function find(repository: RepositoryRecord, number: string): PullRecord {
  const pull = repository.pulls.find((candidate) => candidate.number === idOf(number));
  if (pull === undefined) throw notFound();
  return pull;
}

/** `OWNER:BRANCH` or `BRANCH`. */
function branchOf(head: string): string {
  return head.slice(head.indexOf(":") + 1);
}
