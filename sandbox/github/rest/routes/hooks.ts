import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import type { HookRecord, RepositoryRecord } from "../../state/records.js";
import { administered, idOf, type RepositoryParams, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { notFound, validationFailed } from "../errors.js";
import { page } from "../paging.js";
import { hookView } from "../views/hook.js";
import { minimalRepositoryView } from "../views/repository.js";
import { accountView } from "../views/user.js";

type HookParams = RepositoryParams & { readonly id: string };

const config = z
  .object({
    url: z.url({ protocol: /^https?$/ }),
    content_type: z.enum(["json", "form"]),
    secret: z.string(),
    insecure_ssl: z.union([z.enum(["0", "1"]), z.number().min(0).max(1)]).transform(Number),
  })
  .partial();
const fields = z.object({ events: z.array(z.string()).min(1), active: z.boolean() }).partial();
const creation = fields.extend({ config: config.required({ url: true }) });
const change = fields.extend({ config: config.optional() });

/** Webhooks of a repository. */
export function hookRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/hooks", async (request, reply) => {
    const repository = administered(emulator, request);
    return page(request, reply, repository.hooks).map((hook) => hookView(urls, repository.name, hook));
  });

  app.get<{ Params: HookParams }>("/repos/:owner/:repo/hooks/:id", async (request) => {
    const repository = administered(emulator, request);
    return hookView(urls, repository.name, find(repository, request.params.id));
  });

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/hooks", async (request, reply) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "Hook", creation);
    if (repository.hooks.some((hook) => hook.url === body.config.url)) {
      const message = "Hook already exists on this repository";
      throw validationFailed({ resource: "Hook", field: "url", code: "custom", message });
    }
    const hook = newHook(emulator, body);
    repository.hooks.push(hook);
    const shown = hookView(urls, repository.name, hook);
    ping(emulator, repository, hook);
    return reply.code(201).header("location", shown.url).send(shown);
  });

  app.patch<{ Params: HookParams }>("/repos/:owner/:repo/hooks/:id", async (request) => {
    const repository = writable(emulator, request);
    const hook = find(repository, request.params.id);
    const body = bodyOf(request, "Hook", change);
    apply(hook, body);
    hook.updatedAt = catalogue.now();
    return hookView(urls, repository.name, hook);
  });

  app.delete<{ Params: HookParams }>("/repos/:owner/:repo/hooks/:id", async (request, reply) => {
    const repository = writable(emulator, request);
    const { id } = find(repository, request.params.id);
    repository.hooks = repository.hooks.filter((hook) => hook.id !== id);
    return reply.code(204).send();
  });
}

/** Sends the event that announces a new hook. */
function ping({ urls, catalogue, webhooks }: Emulator, repository: RepositoryRecord, hook: HookRecord): void {
  webhooks.send(hook, "ping", {
    zen: "Practicality beats purity.",
    hook_id: hook.id,
    hook: hookView(urls, repository.name, hook),
    repository: minimalRepositoryView({ urls, state: catalogue.state }, repository),
    sender: accountView(urls, catalogue.admin, "User"),
  });
}

function find(repository: RepositoryRecord, id: string): HookRecord {
  const hook = repository.hooks.find((candidate) => candidate.id === idOf(id));
  if (hook === undefined) throw notFound();
  return hook;
}

function newHook({ catalogue }: Emulator, { config, events, active }: z.infer<typeof creation>): HookRecord {
  const createdAt = catalogue.now();
  return {
    id: catalogue.id(),
    url: config.url,
    contentType: config.content_type ?? "form",
    secret: config.secret || null,
    insecureSsl: config.insecure_ssl === 1,
    events: events ?? ["push"],
    active: active ?? true,
    createdAt,
    updatedAt: createdAt,
    lastResponse: { code: null, status: "unused", message: null },
  };
}

function apply(hook: HookRecord, { config, events, active }: z.infer<typeof change>): void {
  hook.events = events ?? hook.events;
  hook.active = active ?? hook.active;
  if (config === undefined) return;
  // As on GitHub, a config replaces the former one as a whole: a config without a secret removes it.
  hook.url = config.url ?? hook.url;
  hook.contentType = config.content_type ?? "form";
  hook.secret = config.secret || null;
  hook.insecureSsl = config.insecure_ssl === 1;
}
