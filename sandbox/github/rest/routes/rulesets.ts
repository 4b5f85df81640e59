import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { enforcedRules } from "../../rules/evaluate.js";
import { isSupported } from "../../rules/pattern.js";
import type { RepositoryRecord, RulesetRecord } from "../../state/records.js";
import { idOf, type RepositoryParams, readable, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { notFound, unprocessable, validationFailed } from "../errors.js";
import { page } from "../paging.js";
import { rulesetSummary, rulesetView } from "../views/ruleset.js";

type RulesetParams = RepositoryParams & { readonly id: string };

const refNames = z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) });

const fields = z.object({
  name: z.string().min(1),
  target: z.enum(["branch", "tag", "push", "repository"]),
  enforcement: z.enum(["active", "disabled", "evaluate"]),
  bypass_actors: z.array(
    z.object({
      actor_id: z.number().nullable().default(null),
      actor_type: z.enum(["Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey"]),
      bypass_mode: z.enum(["always", "pull_request", "exempt"]).default("always"),
    }),
  ),
  conditions: z.object({ ref_name: refNames.optional() }).nullable(),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() })),
});
const creation = fields.partial().required({ name: true, enforcement: true });
const change = fields.partial();

/** Rules about pushes to branches. */
export function rulesetRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, owner, catalogue } = emulator;
  const view = (repository: RepositoryRecord, ruleset: RulesetRecord) =>
    rulesetView(urls, owner, repository.name, ruleset);

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/rulesets", async (request, reply) => {
    const repository = readable(emulator, request);
    return page(request, reply, repository.rulesets).map((ruleset) =>
      rulesetSummary(urls, owner, repository.name, ruleset),
    );
  });

  app.get<{ Params: RulesetParams }>("/repos/:owner/:repo/rulesets/:id", async (request) => {
    const repository = readable(emulator, request);
    return view(repository, find(repository, request.params.id));
  });

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/rulesets", async (request, reply) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "Ruleset", creation);
    const ruleset = newRuleset(emulator, body);
    apply(repository, ruleset, body);
    repository.rulesets.push(ruleset);
    return reply.code(201).send(view(repository, ruleset));
  });

  app.put<{ Params: RulesetParams }>("/repos/:owner/:repo/rulesets/:id", async (request) => {
    const repository = writable(emulator, request);
    const ruleset = find(repository, request.params.id);
    apply(repository, ruleset, bodyOf(request, "Ruleset", change));
    ruleset.updatedAt = catalogue.now();
    return view(repository, ruleset);
  });

  app.delete<{ Params: RulesetParams }>("/repos/:owner/:repo/rulesets/:id", async (request, reply) => {
    const repository = writable(emulator, request);
    const { id } = find(repository, request.params.id);
    repository.rulesets = repository.rulesets.filter((ruleset) => ruleset.id !== id);
    return reply.code(204).send();
  });
}

function find(repository: RepositoryRecord, id: string): RulesetRecord {
  const ruleset = repository.rulesets.find((candidate) => candidate.id === idOf(id));
  if (ruleset === undefined) throw notFound();
  return ruleset;
}

function newRuleset({ catalogue }: Emulator, { name, enforcement }: z.infer<typeof creation>): RulesetRecord {
  const createdAt = catalogue.now();
  return {
    id: catalogue.id(),
    name,
    target: "branch",
    enforcement,
    bypassActors: [],
    refName: null,
    rules: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** Applies a body to a ruleset. @throws 422 for what the emulator would not enforce, and for a name that is taken */
function apply(repository: RepositoryRecord, ruleset: RulesetRecord, body: z.infer<typeof change>): void {
  const name = body.name ?? ruleset.name;
  if (repository.rulesets.some((other) => other !== ruleset && other.name === name)) {
    throw validationFailed({ resource: "Ruleset", field: "name", code: "custom", message: "Name must be unique" });
  }
  if (body.target !== undefined && body.target !== "branch") {
    throw unprocessable(`The emulator enforces rulesets on branches, not on target '${body.target}'.`);
  }
  for (const { type } of body.rules ?? []) {
    if (!enforcedRules.includes(type)) throw unprocessable(`The emulator does not enforce the rule '${type}'.`);
  }
  const patterns = [...(body.conditions?.ref_name?.include ?? []), ...(body.conditions?.ref_name?.exclude ?? [])];
  for (const pattern of patterns) {
    if (!isSupported(pattern)) throw unprocessable(`The emulator does not understand the pattern '${pattern}'.`);
  }
  ruleset.name = name;
  ruleset.enforcement = body.enforcement ?? ruleset.enforcement;
  ruleset.bypassActors = body.bypass_actors ?? ruleset.bypassActors;
  ruleset.rules = body.rules ?? ruleset.rules;
  if (body.conditions !== undefined) ruleset.refName = body.conditions?.ref_name ?? null;
}
