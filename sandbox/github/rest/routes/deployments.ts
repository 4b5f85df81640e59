import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { bare, type Emulator } from "../../context.js";
import { stateOfCommit } from "../../rules/checks.js";
import {
  type DeploymentRecord,
  type DeploymentStatusRecord,
  deploymentState,
} from "../../state/conversation-records.js";
import type { RepositoryRecord } from "../../state/records.js";
import { idOf, type RepositoryParams } from "../access.js";
import { bodyOf } from "../body.js";
import { ApiError, notFound, unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { permitted, permittedWriter } from "../permissions.js";
import { deploymentStatusView, deploymentView } from "../views/deployment.js";

type DeploymentParams = RepositoryParams & { readonly id: string };

const creation = z.object({
  ref: z.string().min(1),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).nullish(),
  payload: z.union([z.string(), z.record(z.string(), z.unknown())]).default({}),
  environment: z.string().min(1).default("production"),
  description: z.string().max(140).nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
const statusCreation = z.object({
  state: deploymentState,
  description: z.string().max(140).default(""),
  environment_url: z.string().default(""),
  log_url: z.string().default(""),
  auto_inactive: z.boolean().default(true),
});

interface DeploymentsQuery {
  readonly sha?: string;
  readonly ref?: string;
  readonly task?: string;
  readonly environment?: string;
}

const rights = { permissions: ["deployments"], role: "push" } as const;

/**
 * Deployments of a repository's commits, and their statuses.
 * @see https://docs.github.com/rest/deployments
 */
export function deploymentRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, users: catalogue };
  app.get<{ Params: RepositoryParams; Querystring: DeploymentsQuery }>(
    "/repos/:owner/:repo/deployments",
    async (request, reply) => {
      const repository = readable(emulator, request);
      const { sha, ref, task, environment } = request.query;
      const wanted = Object.entries({ sha, ref, task, environment }).filter(([, value]) => value !== undefined);
      const found = repository.deployments.filter((deployment) =>
        wanted.every(([name, value]) => deployment[name as keyof DeploymentsQuery] === value),
      );
      return page(request, reply, found.toReversed()).map((one) => deploymentView(context, repository, one));
    },
  );

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/deployments", async (request, reply) => {
    const { repository, user } = permittedWriter(emulator, request, rights);
    const deployment = await newDeployment(emulator, repository, bodyOf(request, "Deployment", creation), user.id);
    repository.deployments.push(deployment);
    return reply.code(201).send(deploymentView(context, repository, deployment));
  });

  app.get<{ Params: DeploymentParams }>("/repos/:owner/:repo/deployments/:id", async (request) => {
    const repository = readable(emulator, request);
    return deploymentView(context, repository, find(repository, request.params.id));
  });

  statusRoutes(app, emulator);
}

/** The statuses of a deployment. */
function statusRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const context = { urls, users: catalogue };

  app.get<{ Params: DeploymentParams }>("/repos/:owner/:repo/deployments/:id/statuses", async (request, reply) => {
    const repository = readable(emulator, request);
    const deployment = find(repository, request.params.id);
    const newestFirst = deployment.statuses.toReversed();
    return page(request, reply, newestFirst).map((status) =>
      deploymentStatusView(context, { repository, deployment, status }),
    );
  });

  app.post<{ Params: DeploymentParams }>("/repos/:owner/:repo/deployments/:id/statuses", async (request, reply) => {
    const { repository, user } = permittedWriter(emulator, request, rights);
    const deployment = find(repository, request.params.id);
    const body = bodyOf(request, "DeploymentStatus", statusCreation);
    const say = (one: DeploymentRecord, state: DeploymentStatusRecord["state"], description = "") => {
      const createdAt = catalogue.now();
      const addresses = { environmentUrl: body.environment_url, logUrl: body.log_url };
      const status = { id: catalogue.id(), state, description, ...addresses, creator: user.id, createdAt };
      one.statuses.push(status);
      one.updatedAt = createdAt;
      return status;
    };
    if (body.state === "success" && body.auto_inactive) {
      for (const one of replacedBy(repository, deployment)) say(one, "inactive");
    }
    const status = say(deployment, body.state, body.description);
    return reply.code(201).send(deploymentStatusView(context, { repository, deployment, status }));
  });
}

function readable(emulator: Emulator, request: FastifyRequest<{ Params: RepositoryParams }>): RepositoryRecord {
  return permitted(emulator, request, { permissions: ["deployments"], level: "read" }).repository;
}

/** A deployment of the commit that a reference stands for. @throws 422 without it, 409 unless its statuses allow it */
async function newDeployment(
  emulator: Emulator,
  repository: RepositoryRecord,
  body: z.infer<typeof creation>,
  creator: number,
): Promise<DeploymentRecord> {
  const git = bare(emulator, repository);
  const sha = await git.resolve(body.ref);
  if (sha === undefined) throw unprocessable(`No ref found for: ${body.ref}`);
  const head = await git.branch(repository.defaultBranch);
  if (body.auto_merge && head !== undefined && !(await git.isAncestor(head, sha))) {
    throw new ApiError(501, { message: "The emulator merges nothing into a deployment: set auto_merge to false." });
  }
  const states = stateOfCommit(repository, sha);
  const required = body.required_contexts ?? [...states.keys()];
  const contexts = required.map((context) => ({ context, state: states.get(context) ?? "pending" }));
  if (contexts.some(({ state }) => state !== "success")) {
    const errors = [{ contexts, resource: "Deployment", field: "required_contexts", code: "invalid" }];
    throw new ApiError(409, { message: `Conflict: Commit status checks failed for ${body.ref}.`, errors });
  }
  const createdAt = emulator.catalogue.now();
  return {
    id: emulator.catalogue.id(),
    sha,
    ref: body.ref,
    task: body.task,
    payload: body.payload,
    environment: body.environment,
    description: body.description ?? null,
    creator,
    transient: body.transient_environment,
    production: body.production_environment ?? body.environment === "production",
    statuses: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** The earlier deployments of an environment that a successful one makes inactive, as GitHub does by itself. */
function replacedBy({ deployments }: RepositoryRecord, { id, environment }: DeploymentRecord): DeploymentRecord[] {
  return deployments.filter(
    (one) =>
      one.id < id &&
      one.environment === environment &&
      !one.transient &&
      !one.production &&
      one.statuses.at(-1)?.state !== "inactive" &&
      one.statuses.some(({ state }) => state === "success"),
  );
}

function find({ deployments }: RepositoryRecord, id: string): DeploymentRecord {
  const deployment = deployments.find((candidate) => candidate.id === idOf(id));
  if (deployment === undefined) throw notFound();
  return deployment;
}
