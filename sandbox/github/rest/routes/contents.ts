import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { bare, type Emulator, ownerSignature } from "../../context.js";
import type { TreeEntry } from "../../git/bare-repository.js";
import type { Signature } from "../../git/commit.js";
import { lookUp, type PathInCommit } from "../../git/look-up.js";
import { commitFiles } from "../../git/write.js";
import type { Actor } from "../../rules/evaluate.js";
import type { RepositoryRecord } from "../../state/records.js";
import { type RepositoryParams, readable, requireAppPermission, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { ApiError, conflict, notFound, unprocessable } from "../errors.js";
import { moveRef } from "../move-ref.js";
import { gitCommitView } from "../views/commit.js";
import { type ContentContext, entryView, fileView } from "../views/content.js";
import { commitContext } from "./commits.js";

type ContentParams = RepositoryParams & { readonly "*"?: string };

const person = z.object({
  name: z.string().min(1),
  email: z.string().min(1),
  date: z.iso.datetime({ offset: true }).optional(),
});

const writing = z.object({
  message: z.string().min(1),
  content: z.base64(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: person.optional(),
  committer: person.optional(),
});
const removal = writing.omit({ content: true });

/** Files of a repository; every write is a real commit. */
export function contentRoutes(app: FastifyInstance, emulator: Emulator): void {
  for (const url of ["/repos/:owner/:repo/contents", "/repos/:owner/:repo/contents/*"]) {
    app.get<{ Params: ContentParams; Querystring: { ref?: string } }>(url, async (request) => {
      const repository = readable(emulator, request);
      const git = bare(emulator, repository);
      const ref = request.query.ref || repository.defaultBranch;
      const path = pathOf(request.params["*"] ?? "");
      const found = await lookUp(git, ref, path);
      if (found === undefined) throw noContent(repository, request.query.ref);
      const { commit, entry, content } = found;
      const context: ContentContext = { urls: emulator.urls, owner: emulator.owner, repository: repository.name, ref };
      if (path !== "" && entry === undefined) throw notFound();
      if (entry === undefined || entry.type === "tree") {
        return (await git.directoryEntries(commit.sha, path)).map((item) => entryView(context, item));
      }
      return content === undefined ? entryView(context, entry) : fileView(context, entry, content);
    });
  }

  app.put<{ Params: ContentParams }>("/repos/:owner/:repo/contents/*", async (request, reply) => {
    const body = bodyOf(request, "Content", writing);
    const bytes = Buffer.from(body.content, "base64");
    const { repository, existing, commit, entry, branch, path } = await change(emulator, request, body, bytes);
    if (entry === undefined) throw new Error(`${path} is not in the commit that was made for it.`);
    const context = { urls: emulator.urls, owner: emulator.owner, repository: repository.name, ref: branch };
    return reply.code(existing === undefined ? 201 : 200).send({
      content: entryView(context, entry),
      commit: gitCommitView(commitContext(emulator, repository), commit),
    });
  });

  app.delete<{ Params: ContentParams }>("/repos/:owner/:repo/contents/*", async (request) => {
    const body = bodyOf(request, "Content", removal);
    const { repository, commit } = await change(emulator, request, body, null);
    return { content: null, commit: gitCommitView(commitContext(emulator, repository), commit) };
  });
}

/** Commits new bytes of a file, or its removal. */
async function change(
  emulator: Emulator,
  request: FastifyRequest<{ Params: ContentParams }>,
  body: z.infer<typeof removal>,
  content: Buffer | null,
) {
  const repository = writable(emulator, request);
  const { repositories } = emulator;
  const path = pathOf(request.params["*"] ?? "");
  if (path === "") throw unprocessable("path cannot be blank");
  emulator.scopes.requireFor(path);
  const { principal } = request;
  const isAppsWorkflow = typeof principal === "object" && principal.app && path.startsWith(".github/workflows/");
  if (isAppsWorkflow) requireAppPermission(principal, "workflows", "write");
  const branch = (body.branch ?? repository.defaultBranch).replace(/^refs\/heads\//, "");
  return repositories.exclusively(repository.id, async () => {
    const git = bare(emulator, repository);
    const found = await lookUp(git, `refs/heads/${branch}`, path);
    if (found === undefined && (branch !== repository.defaultBranch || (await git.refs("refs/heads")).length > 0)) {
      throw new ApiError(404, { message: `Branch ${branch} not found` });
    }
    const parent = found?.commit.sha;
    checkPath(path, found);
    checkSha(path, found?.entry, body.sha, content === null);
    const author = signature(emulator, body.author ?? body.committer);
    const committer = signature(emulator, body.committer ?? body.author);
    const details = { message: body.message, author, committer };
    const after = await commitFiles(git, parent, [{ path, content, mode: found?.entry?.mode }], details);
    await moveRef(
      emulator,
      repository,
      { ref: `refs/heads/${branch}`, before: parent ?? null, after },
      {
        actor: actorOf(request),
      },
    );
    const made = await lookUp(git, after, path);
    if (made === undefined) throw new Error(`The commit ${after} is not in ${git.directory}.`);
    return { repository, existing: found?.entry, commit: made.commit, entry: made.entry, branch, path };
  });
}

/** People and the owner act by the rules of the owner. */
function actorOf({ principal }: FastifyRequest): Actor {
  return typeof principal === "object" && principal.appId !== null ? { app: principal.appId } : "owner";
}

/** A file can be replaced by a file only, and must not lie below one. */
function checkPath(path: string, found: PathInCommit | undefined): void {
  const { entry, above = [] } = found ?? {};
  if (entry !== undefined && entry.type !== "blob") throw unprocessable(`${path} is a directory`);
  const file = above.find(({ type }) => type !== "tree");
  if (file !== undefined) throw unprocessable(`${file.path} is a file`);
}

/** Compares the blob that a client means to replace with the current one. */
function checkSha(path: string, existing: TreeEntry | undefined, sha: string | undefined, removing: boolean): void {
  if (existing === undefined) {
    if (removing) throw notFound();
    if (sha !== undefined && sha !== "") throw conflict(`${path} does not match ${sha}`);
  } else if (sha === undefined || sha === "") {
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  } else if (sha !== existing.sha) {
    throw conflict(`${path} does not match ${sha}`);
  }
}

function signature(emulator: Emulator, given: z.infer<typeof person> | undefined): Signature {
  const owner = ownerSignature(emulator);
  return given === undefined ? owner : { name: given.name, email: given.email, date: given.date ?? owner.date };
}

/** A path without leading and trailing slash. @throws 422 when it would leave the repository or reach Git's own files */
function pathOf(path: string): string {
  const clean = path.replace(/\/$/, "");
  if (clean === "") return "";
  const wrong = (part: string): boolean =>
    part === "" || part === "." || part === ".." || part.toLowerCase() === ".git";
  if (clean.split("/").some(wrong) || clean.includes("\0"))
    throw unprocessable("path contains a malformed path component");
  return clean;
}

function noContent(repository: RepositoryRecord, ref: string | undefined): ApiError {
  const message =
    ref === undefined || ref === repository.defaultBranch
      ? "This repository is empty."
      : `No commit found for the ref ${ref}`;
  return new ApiError(404, { message });
}
