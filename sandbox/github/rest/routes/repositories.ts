import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bare, type Emulator } from "../../context.js";
import { type RepositoryRecord, repositorySettings, securityFeature } from "../../state/records.js";
import { administered, permissionsOf, type RepositoryParams, readable, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { archived, notFound, validationFailed } from "../errors.js";
import { repositoryFields } from "../repository-fields.js";
import { repositoryView } from "../views/repository.js";

const change = z
  .object({
    ...repositoryFields,
    default_branch: z.string(),
    archived: z.boolean(),
    security_and_analysis: z
      .partialRecord(securityFeature, z.object({ status: z.enum(["enabled", "disabled"]) }))
      .nullable(),
  })
  .partial();

/** Reads, changes and deletes one repository. */
export function repositoryRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue, repositories } = emulator;
  const context = { urls, state: catalogue.state };

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo", async (request) => {
    const repository = readable(emulator, request);
    const permissions = permissionsOf(emulator, request.principal, repository);
    return { ...repositoryView(context, repository), permissions };
  });

  app.patch<{ Params: RepositoryParams }>("/repos/:owner/:repo", async (request) => {
    const repository = administered(emulator, request);
    const body = bodyOf(request, "Repository", change);
    await repositories.exclusively(repository.id, () => update(emulator, repository, body));
    return repositoryView(context, repository);
  });

  app.delete<{ Params: RepositoryParams }>("/repos/:owner/:repo", async (request, reply) => {
    const repository = administered(emulator, request);
    await repositories.exclusively(repository.id, async () => {
      if (catalogue.repositoryById(repository.id) === undefined) throw notFound();
      catalogue.removeRepository(repository);
      await repositories.remove(repository.name, repository.id);
    });
    return reply.code(204).send();
  });

  // GitHub answers this question by status alone.
  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/vulnerability-alerts", async (request, reply) => {
    if (!administered(emulator, request).vulnerabilityAlerts) throw notFound();
    return reply.code(204).send();
  });
  for (const [method, enabled] of [
    ["PUT", true],
    ["DELETE", false],
  ] as const) {
    app.route<{ Params: RepositoryParams }>({
      method,
      url: "/repos/:owner/:repo/vulnerability-alerts",
      handler: async (request, reply) => {
        writable(emulator, request).vulnerabilityAlerts = enabled;
        return reply.code(204).send();
      },
    });
  }
}

async function update(emulator: Emulator, repository: RepositoryRecord, body: z.infer<typeof change>): Promise<void> {
  const { catalogue, repositories } = emulator;
  // Everything is checked before anything changes.
  if (catalogue.repositoryById(repository.id) === undefined) throw notFound();
  if (repository.archived && body.archived !== false) throw archived();
  // Naming the visibility that it has already is no error: the provider's archive-on-destroy names it, and is refused by
  // GitHub for other reasons only (integrations/terraform-provider-github#3620).
  const branch = body.default_branch ?? repository.defaultBranch;
  if (branch !== repository.defaultBranch) await requireBranch(emulator, repository, branch);
  if (body.name !== undefined && body.name !== repository.name) {
    const former = repository.name;
    catalogue.renameRepository(repository, body.name);
    repositories.rename(former, body.name);
  }
  if (branch !== repository.defaultBranch) {
    await bare(emulator, repository).git(["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
    repository.defaultBranch = branch;
  }
  Object.assign(repository.settings, repositorySettings.partial().parse(body));
  if (body.description !== undefined) repository.description = body.description || null;
  if (body.homepage !== undefined) repository.homepage = body.homepage || null;
  repository.visibility = visibilityAfter(repository, body);
  if (body.archived !== undefined) repository.archived = body.archived;
  for (const [feature, setting] of Object.entries(body.security_and_analysis ?? {})) {
    repository.security[securityFeature.parse(feature)] = setting.status;
  }
  repository.updatedAt = catalogue.now();
}

/** `visibility` decides; `private`, which cannot tell private from internal, leaves what it does not contradict. */
function visibilityAfter(repository: RepositoryRecord, body: z.infer<typeof change>): RepositoryRecord["visibility"] {
  if (body.visibility !== undefined) return body.visibility;
  const isPrivate = repository.visibility !== "public";
  if (body.private === undefined || body.private === isPrivate) return repository.visibility;
  return body.private ? "private" : "public";
}

async function requireBranch(emulator: Emulator, repository: RepositoryRecord, branch: string): Promise<void> {
  if ((await bare(emulator, repository).branch(branch)) !== undefined) return;
  const message = `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`;
  throw validationFailed({ resource: "Repository", field: "default_branch", code: "invalid", message });
}
