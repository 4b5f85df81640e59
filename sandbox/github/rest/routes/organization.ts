import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bare, type Emulator, ownerSignature } from "../../context.js";
import { type CommitDetails, commitFiles, commitTree, copyTree, updateRef } from "../../git/write.js";
import { type RepositoryRecord, repositorySettings } from "../../state/records.js";
import { readableByName, requireOrganization, requireOwner } from "../access.js";
import { bodyOf } from "../body.js";
import { unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { repositoryFields } from "../repository-fields.js";
import { minimalRepositoryView, repositoryView } from "../views/repository.js";

const creation = z
  .object({
    ...repositoryFields,
    auto_init: z.boolean(),
    team_id: z.number(),
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

interface ListQuery {
  readonly type?: string;
  readonly sort?: string;
  readonly direction?: string;
}

/** Lists and creates repositories. */
export function organizationRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state };

  app.get<{ Params: { org: string }; Querystring: ListQuery }>("/orgs/:org/repos", async (request, reply) => {
    requireOrganization(emulator, request.params.org);
    const { type = "all" } = request.query;
    const seen = catalogue.state.repositories.filter(
      (repository) =>
        (request.principal === "owner" || repository.visibility === "public") &&
        (type === "private"
          ? repository.visibility === "private"
          : type !== "public" || repository.visibility === "public"),
    );
    return page(request, reply, sorted(seen, request.query)).map((repository) =>
      minimalRepositoryView(context, repository),
    );
  });

  app.post<{ Params: { org: string } }>("/orgs/:org/repos", async (request, reply) => {
    requireOrganization(emulator, request.params.org);
    requireOwner(request);
    const body = bodyOf(request, "Repository", creation);
    if (body.gitignore_template || body.license_template) {
      throw unprocessable("The emulator has no templates for .gitignore and licenses.");
    }
    const team = body.team_id === undefined ? undefined : catalogue.teamById(body.team_id);
    const repository = await create(emulator, body.name, "main", async (created) => {
      Object.assign(created.settings, repositorySettings.partial().parse(body));
      created.description = body.description || null;
      created.homepage = body.homepage || null;
      created.visibility = body.visibility ?? (body.private === true ? "private" : "public");
      team?.repositories.push({ repository: created.id, permission: "push" });
      if (body.auto_init === true) await initialize(emulator, created);
    });
    return reply
      .code(201)
      .header("location", urls.repository(repository.name))
      .send(repositoryView(context, repository));
  });

  app.post<{ Params: { owner: string; repo: string } }>("/repos/:owner/:repo/generate", async (request, reply) => {
    const template = readableByName(emulator, request, request.params.owner, request.params.repo);
    requireOwner(request);
    const body = bodyOf(request, "Repository", generation);
    if (body.owner !== undefined) requireOrganization(emulator, body.owner);
    if (!template.settings.is_template) throw unprocessable(`${template.name} is not a template repository.`);
    const repository = await create(emulator, body.name, template.defaultBranch, async (created) => {
      created.description = body.description || null;
      created.visibility = body.private === true ? "private" : "public";
      created.template = template.id;
      await copyBranches(emulator, template, created, body.include_all_branches === true);
    });
    return reply
      .code(201)
      .header("location", urls.repository(repository.name))
      .send(repositoryView(context, repository));
  });
}

/** GitHub's order: newest first, names from A to Z, unless a direction is given. */
function sorted(
  repositories: readonly RepositoryRecord[],
  { sort = "created", direction }: ListQuery,
): RepositoryRecord[] {
  const key = (repository: RepositoryRecord): string => {
    if (sort === "full_name") return repository.name.toLowerCase();
    if (sort === "updated") return repository.updatedAt;
    return sort === "pushed" ? repository.pushedAt : String(repository.id).padStart(16, "0");
  };
  const ascending = repositories.toSorted((one, other) => key(one).localeCompare(key(other)) || one.id - other.id);
  return (direction ?? (sort === "full_name" ? "asc" : "desc")) === "asc" ? ascending : ascending.reverse();
}

/**
 * Takes the name, makes the bare repository and fills it. Whoever works on it by REST waits until it is whole; when
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
  const { commit } = await commitFiles(bare(emulator, repository), undefined, [change], firstCommit(emulator));
  await updateRef(bare(emulator, repository), `refs/heads/${repository.defaultBranch}`, null, commit);
}

/** The branches of a template, each as one new commit without history. */
async function copyBranches(
  emulator: Emulator,
  template: RepositoryRecord,
  repository: RepositoryRecord,
  all: boolean,
): Promise<void> {
  const from = bare(emulator, template);
  const to = bare(emulator, repository);
  const refs = await from.refs(all ? "refs/heads" : `refs/heads/${template.defaultBranch}`);
  for (const { name, sha } of refs) {
    const { stdout } = await from.git(["rev-parse", "--verify", `${sha}^{tree}`]);
    const tree = stdout.toString().trim();
    await copyTree(from, to, tree);
    await updateRef(to, name, null, await commitTree(to, tree, [], firstCommit(emulator)));
  }
}

function firstCommit(emulator: Emulator): CommitDetails {
  const author = ownerSignature(emulator);
  return { message: "Initial commit", author, committer: author };
}
