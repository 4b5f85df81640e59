import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bare, type Emulator } from "../../context.js";
import type { BareRepository, Ref } from "../../git/bare-repository.js";
import type { RefUpdate } from "../../git/pack-service.js";
import { BranchMoved, updateRef } from "../../git/write.js";
import { violations } from "../../rules/evaluate.js";
import type { RepositoryRecord } from "../../state/records.js";
import { announcePush } from "../../webhooks/push-event.js";
import { type RepositoryParams, readable, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { conflict, notFound, ruleViolation, unprocessable } from "../errors.js";
import { nodeId } from "../urls.js";

type RefParams = RepositoryParams & { readonly "*": string };

const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** References as Git has them. */
export function refRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, repositories } = emulator;
  const view = (repository: RepositoryRecord, ref: Ref) => {
    const git = `${urls.repository(repository.name)}/git`;
    return {
      ref: ref.name,
      node_id: nodeId("Ref", `${repository.id}:${ref.name}`),
      url: `${git}/${ref.name}`,
      object: { type: ref.type, sha: ref.sha, url: `${git}/${ref.type}s/${ref.sha}` },
    };
  };

  app.get<{ Params: RefParams }>("/repos/:owner/:repo/git/ref/*", async (request) => {
    const repository = readable(emulator, request);
    const ref = await find(bare(emulator, repository), `refs/${request.params["*"]}`);
    if (ref === undefined) throw notFound();
    return view(repository, ref);
  });

  app.get<{ Params: RefParams }>("/repos/:owner/:repo/git/matching-refs/*", async (request) => {
    const repository = readable(emulator, request);
    const prefix = `refs/${request.params["*"]}`;
    const refs = await bare(emulator, repository).refs();
    return refs.filter(({ name }) => name.startsWith(prefix)).map((ref) => view(repository, ref));
  });

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/git/refs", async (request, reply) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "Reference", z.object({ ref: z.string().regex(/^refs\/(heads|tags)\/./), sha }));
    const git = bare(emulator, repository);
    if (!(await isRefName(git, body.ref))) throw unprocessable("Reference name is not valid");
    if ((await git.resolve(body.sha)) === undefined) throw unprocessable("Object does not exist");
    return repositories.exclusively(repository.id, async () => {
      if ((await find(git, body.ref)) !== undefined) throw unprocessable("Reference already exists");
      await move(emulator, repository, { ref: body.ref, before: null, after: body.sha });
      return reply.code(201).send(view(repository, { name: body.ref, sha: body.sha, type: "commit" }));
    });
  });

  app.patch<{ Params: RefParams }>("/repos/:owner/:repo/git/refs/*", async (request) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "Reference", z.object({ sha, force: z.boolean().optional() }));
    const git = bare(emulator, repository);
    const name = `refs/${request.params["*"]}`;
    return repositories.exclusively(repository.id, async () => {
      const ref = await find(git, name);
      if (ref === undefined) throw unprocessable("Reference does not exist");
      if ((await git.resolve(body.sha)) === undefined) throw unprocessable("Object does not exist");
      if (body.force !== true && !(await git.isAncestor(ref.sha, body.sha))) {
        throw unprocessable("Update is not a fast forward");
      }
      await move(emulator, repository, { ref: name, before: ref.sha, after: body.sha });
      return view(repository, { ...ref, sha: body.sha });
    });
  });

  app.delete<{ Params: RefParams }>("/repos/:owner/:repo/git/refs/*", async (request, reply) => {
    const repository = writable(emulator, request);
    const git = bare(emulator, repository);
    const name = `refs/${request.params["*"]}`;
    return repositories.exclusively(repository.id, async () => {
      const ref = await find(git, name);
      if (ref === undefined) throw unprocessable("Reference does not exist");
      if (name === `refs/heads/${repository.defaultBranch}`) throw unprocessable("Cannot delete the default branch");
      await move(emulator, repository, { ref: name, before: ref.sha, after: null });
      return reply.code(204).send();
    });
  });
}

/**
 * Moves a reference on the owner's behalf, if the rulesets allow it, and tells the webhooks.
 * @param pullRequest whether this merges a pull request. @default false
 * @throws 409 when a rule stands against it or somebody else moved the reference first
 */
export async function move(
  emulator: Emulator,
  repository: RepositoryRecord,
  refUpdate: RefUpdate,
  pullRequest = false,
): Promise<void> {
  const git = bare(emulator, repository);
  const broken = await violations(repository, git, { update: refUpdate, actor: "owner", pullRequest });
  if (broken.length > 0) throw ruleViolation(broken);
  try {
    await updateRef(git, refUpdate.ref, refUpdate.before, refUpdate.after);
  } catch (error) {
    if (error instanceof BranchMoved) throw conflict(`${refUpdate.ref} was updated meanwhile. Try again.`);
    throw error;
  }
  await announcePush(emulator, repository, [refUpdate]);
}

async function find(git: BareRepository, name: string): Promise<Ref | undefined> {
  return (await git.refs(name)).find((ref) => ref.name === name);
}

async function isRefName(git: BareRepository, name: string): Promise<boolean> {
  return (await git.git(["check-ref-format", name], { expect: [0, 1] })).code === 0;
}
