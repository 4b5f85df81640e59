import type { FastifyError, FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../context.js";
import { digestOf } from "../state/access-tokens.js";
import { tokenPermission } from "../state/records.js";
import { bodyOf } from "./body.js";
import { ApiError, notFound, requiresAuthentication } from "./errors.js";
import { faultSchema } from "./faults.js";
import { principalOf } from "./identity.js";

const newToken = z.object({
  token: z.string().min(1),
  /** The person, unless `app` is set. */
  login: z.string().default(""),
  /** Name of the App that it belongs to, such as github-actions for the token of a workflow. */
  app: z.string().optional(),
  /** Names of the repositories that it is limited to. @default a classic token, which covers all */
  repositories: z.array(z.string()).optional(),
  write: z.boolean().default(false),
  permissions: z.partialRecord(tokenPermission, z.enum(["read", "write"])).default({}),
  /** ISO 8601. @default never */
  expiresAt: z.string().optional(),
});

/** @default a token that is not a classic one */
const newScopes = z.object({ scopes: z.array(z.string()).optional() });

const newApp = z.object({
  slug: z.string().min(1),
  /** PEM. GitHub makes the pair, and shows the private half once. */
  publicKey: z.string().min(1),
  /** @default the organisation */
  account: z.string().optional(),
  permissions: z.partialRecord(tokenPermission, z.enum(["read", "write"])),
  suspended: z.boolean().default(false),
  tokenSeconds: z.number().int().positive().default(3600),
  /** Seconds that the emulator's clock is ahead of this machine's for the App. */
  aheadSeconds: z.number().int().default(0),
});

/** Endpoints for tests: what was requested, faults to come, personal access tokens with their scopes, and Apps, which GitHub makes by hand only. They are not counted and no fault hits them. */
export async function adminRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  const { token } = emulator;
  app.addHook("onRequest", async (request) => {
    request.principal = principalOf(request.headers.authorization, { token });
    if (request.principal !== "owner") throw requiresAuthentication();
  });
  app.setErrorHandler((error: FastifyError | ApiError, _request, reply) =>
    error instanceof ApiError
      ? reply.code(error.status).send(error.body)
      : reply.code(error.statusCode ?? 500).send({ message: error.message }),
  );

  requestRoutes(app, emulator);
  credentialRoutes(app, emulator);
}

/** The requests so far, and faults to come. */
function requestRoutes(app: FastifyInstance, { requests, faults }: Emulator): void {
  app.get<{ Querystring: { limit?: string } }>("/requests", async (request) => {
    const limit = Number(request.query.limit ?? 100);
    return requests.report(Number.isInteger(limit) && limit >= 0 ? limit : 100);
  });
  app.delete("/requests", async (_request, reply) => {
    requests.reset();
    return reply.code(204).send();
  });

  app.post("/faults", async (request, reply) => {
    faults.add(bodyOf(request, "Fault", faultSchema));
    return reply.code(204).send();
  });
  app.delete("/faults", async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}

/** Personal access tokens with their scopes, and Apps. */
function credentialRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.post("/tokens", async (request, reply) => {
    addToken(emulator, bodyOf(request, "Token", newToken));
    await emulator.save();
    return reply.code(204).send();
  });
  app.delete("/tokens", async (_request, reply) => {
    emulator.catalogue.state.tokens = [];
    await emulator.save();
    return reply.code(204).send();
  });

  app.put("/scopes", async (request, reply) => {
    emulator.scopes.list = bodyOf(request, "Scopes", newScopes).scopes;
    return reply.code(204).send();
  });

  app.post("/apps", async (request, reply) => {
    const made = installApp(emulator, bodyOf(request, "App", newApp));
    await emulator.save();
    return reply.code(201).send(made);
  });
}

/** Makes a GitHub App and installs it, or changes the one of the same slug. GitHub has pages for both. */
function installApp({ catalogue, owner }: Emulator, body: z.infer<typeof newApp>) {
  const { slug, publicKey, tokenSeconds, aheadSeconds, permissions, account = owner } = body;
  const { state } = catalogue;
  const former = state.apps.find((one) => one.slug === slug);
  const installation = {
    id: former?.installation.id ?? catalogue.id(),
    account,
    permissions: { metadata: "read" as const, ...permissions },
    suspendedAt: body.suspended ? catalogue.now() : null,
  };
  const id = former?.id ?? catalogue.id();
  const record = { id, slug, publicKey, tokenSeconds, aheadSeconds, installation, createdAt: catalogue.now() };
  state.apps = [...state.apps.filter((one) => one.slug !== slug), record];
  // GitHub refuses the tokens of a suspended installation at once.
  if (body.suspended) state.tokens = state.tokens.filter(({ appId }) => appId !== id);
  return { id, installationId: installation.id };
}

/** Makes a personal access token of a user, in place of an earlier one of the same text. @throws 404 for unknown names */
function addToken({ catalogue }: Emulator, { token, repositories, ...rest }: z.infer<typeof newToken>): void {
  const { state } = catalogue;
  const known = <Record>(record: Record | undefined): Record => {
    if (record === undefined) throw notFound();
    return record;
  };
  const record = {
    digest: digestOf(token),
    user: (rest.app === undefined ? known(catalogue.user(rest.login)) : catalogue.botOf(rest.app)).id,
    repositories: repositories?.map((name) => known(catalogue.repository(name)).id) ?? null,
    write: rest.write,
    permissions: rest.permissions,
    app: rest.app !== undefined,
    appId: null,
    expiresAt: rest.expiresAt ?? null,
  };
  state.tokens = [...state.tokens.filter(({ digest }) => digest !== record.digest), record];
}
