import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import type { DeployKeyRecord, RepositoryRecord } from "../../state/records.js";
import { publicKey } from "../../transport/public-key.js";
import { administered, idOf, type RepositoryParams, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { notFound, validationFailed } from "../errors.js";
import { page } from "../paging.js";

type KeyParams = RepositoryParams & { readonly key: string };

const creation = z.object({ key: z.string(), title: z.string().optional(), read_only: z.boolean().optional() });

/** The public keys that open a repository over SSH. */
export function deployKeyRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;
  const view = (repository: RepositoryRecord, key: DeployKeyRecord) => ({
    id: key.id,
    key: key.key,
    url: `${urls.repository(repository.name)}/keys/${key.id}`,
    title: key.title,
    verified: true,
    created_at: key.createdAt,
    read_only: key.readOnly,
    added_by: catalogue.admin.login,
    last_used: key.lastUsed,
    enabled: true,
  });

  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/keys", async (request, reply) => {
    const repository = administered(emulator, request);
    return page(request, reply, repository.keys).map((key) => view(repository, key));
  });

  app.get<{ Params: KeyParams }>("/repos/:owner/:repo/keys/:key", async (request) => {
    const repository = administered(emulator, request);
    return view(repository, find(repository, request.params.key));
  });

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/keys", async (request, reply) => {
    const repository = writable(emulator, request);
    const body = bodyOf(request, "PublicKey", creation);
    const key = publicKey(body.key);
    if (key === undefined) {
      const message = "key is invalid. You must supply a key in OpenSSH public key format";
      throw validationFailed({ resource: "PublicKey", code: "custom", field: "key", message });
    }
    const title = body.title || (key.split(" ")[0] ?? "key");
    const record = catalogue.addKey(repository, { key, title, readOnly: body.read_only ?? false });
    const shown = view(repository, record);
    return reply.code(201).header("location", shown.url).send(shown);
  });

  app.delete<{ Params: KeyParams }>("/repos/:owner/:repo/keys/:key", async (request, reply) => {
    const repository = writable(emulator, request);
    const key = find(repository, request.params.key);
    repository.keys = repository.keys.filter(({ id }) => id !== key.id);
    return reply.code(204).send();
  });
}

function find(repository: RepositoryRecord, id: string): DeployKeyRecord {
  const key = repository.keys.find((candidate) => candidate.id === idOf(id));
  if (key === undefined) throw notFound();
  return key;
}
