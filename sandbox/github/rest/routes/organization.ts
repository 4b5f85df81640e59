import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { bare, type Emulator, ownerSignature } from "../../context.js";
import { type CommitDetails, commitFiles, commitTree, copyTree, updateRef } from "../../git/write.js";
import { type RepositoryRecord, repositorySettings } from "../../state/records.js";
import {
  permissionsOf,
  type RepositoryParams,
  readableByName,
  requireOrganization,
  requireOwner,
  sees,
} from "../access.js";
import { bodyOf } from "../body.js";
import { unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { repositoryFields } from "../repository-fields.js";
import { minimalRepositoryView, repositoryView } from "../views/repository.js";

const creation = z
  .object({
    ...repositoryFields,
    auto_init: z.boolean(),
    gitignore_template: z.string(),
    license_template: z.string(),
  })
  .partial()
  .required({ name: true });

const generation = z
  .object({
    name: z.string(),
    owner: z.string(),
    description: z.string().nullable(),
    private: z.boolean(),
    include_all_branches: z.boolean(),
  })
  .partial()
  .required({ name: true });

/** Lists and creates repositories. */
export function organizationRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };
  const created = (reply: FastifyReply, repository: RepositoryRecord) =>
    reply.code(201).header("location", urls.repository(repository.name)).send(repositoryView(context, repository));

  app.get<{ Params: { org: string }; Querystring: { type?: string } }>("/orgs/:org/repos", async (request, reply) => {
    requireOrganization(emulator, request.params.org);
    const { principal, query } = request;
    const seen = catalogue.state.repositories
      .filter((repository) => sees(emulator, principal, repository))
      .filter(({ visibility }) => query.type !== "private" || visibility !== "public");
    return page(request, reply, seen.toReversed()).map((repository) => ({
      ...minimalRepositoryView(context, repository),
      permissions: permissionsOf(emulator, principal, repository),
    }));
  });

  app.post<{ Params: { org: string } }>("/orgs/:org/repos", async (request, reply) => {
    requireOrganization(emulator, request.params.org);
    requireOwner(request);
    return created(reply, await createEmpty(emulator, bodyOf(request, "Repository", creation)));
  });

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/generate", async (request, reply) => {
    const template = readableByName(emulator, request, request.params.owner, request.params.repo);
    requireOwner(request);
    return created(reply, await createFrom(emulator, template, bodyOf(request, "Repository", generation)));
  });
}

/** Creates a repository without commits, or with a README alone. @throws 422 for templates of files */
function createEmpty(emulator: Emulator, body: z.infer<typeof creation>): Promise<RepositoryRecord> {
  if (body.gitignore_template || body.license_template) {
    throw unprocessable("The emulator has no templates for .gitignore and licenses.");
  }
  return create(emulator, body.name, "main", async (created) => {
    Object.assign(created.settings, repositorySettings.partial().parse(body));
    created.description = body.description || null;
    created.homepage = body.homepage || null;
    created.visibility = body.visibility ?? (body.private === true ? "private" : "public");
    if (body.auto_init === true) await initialize(emulator, created);
  });
}

/** Creates a repository from a template repository. @throws 422 when it is no template */
function createFrom(
  emulator: Emulator,
  template: RepositoryRecord,
  body: z.infer<typeof generation>,
): Promise<RepositoryRecord> {
  if (body.owner !== undefined) requireOrganization(emulator, body.owner);
  if (body.include_all_branches === true) throw unprocessable("The emulator copies the default branch only.");
  if (!template.settings.is_template) throw unprocessable(`${template.name} is not a template repository.`);
  return create(emulator, body.name, template.defaultBranch, async (created) => {
    created.description = body.description || null;
    created.visibility = body.private === true ? "private" : "public";
    created.template = template.id;
    await copyDefaultBranch(emulator, template, created);
  });
}

/**
 * Takes the name, makes the bare repository and fills it. Other requests for it wait until it is complete; if
 * filling it fails, nothing is left.
 */
async function create(
  emulator: Emulator,
  name: string,
  defaultBranch: string,
  fill: (repository: RepositoryRecord) => Promise<void>,
): Promise<RepositoryRecord> {
  const { catalogue, repositories } = emulator;
  const repository = catalogue.createRepository(name);
  repository.defaultBranch = defaultBranch;
  return repositories.exclusively(repository.id, async () => {
    try {
      await repositories.create(name, repository.id, defaultBranch);
      await fill(repository);
      return repository;
    } catch (error) {
      catalogue.removeRepository(repository);
      throw error;
    } finally {
      catalogue.unfinished.delete(repository.id);
    }
  });
}

/** A first commit with a README, as `auto_init` asks for. */
async function initialize(emulator: Emulator, repository: RepositoryRecord): Promise<void> {
  const text = `# ${repository.name}\n${repository.description === null ? "" : `${repository.description}\n`}`;
  const change = { path: "README.md", content: Buffer.from(text) };
  const commit = await commitFiles(bare(emulator, repository), undefined, [change], firstCommit(emulator));
  await updateRef(bare(emulator, repository), `refs/heads/${repository.defaultBranch}`, null, commit);
}

/** The default branch of a template, as one new commit without history; nothing when the template is empty. */
async function copyDefaultBranch(
  emulator: Emulator,
  template: RepositoryRecord,
  repository: RepositoryRecord,
): Promise<void> {
  const from = bare(emulator, template);
  const to = bare(emulator, repository);
  const tip = await from.branch(template.defaultBranch);
  if (tip === undefined) return;
  const tree = await from.treeOf(tip);
  await copyTree(from, to, tree);
  const commit = await commitTree(to, tree, [], firstCommit(emulator));
  await updateRef(to, `refs/heads/${template.defaultBranch}`, null, commit);
}

function firstCommit(emulator: Emulator): CommitDetails {
  const author = ownerSignature(emulator);
  return { message: "Initial commit", author, committer: author };
}
