import { setTimeout as delay } from "node:timers/promises";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import { smartHttpRoutes } from "../transport/smart-http.js";
import { adminRoutes } from "./admin.js";
import { apiRoutes, appApiRoutes } from "./api.js";
import type { Fault } from "./faults.js";
import { graphQlRoutes } from "./graphql.js";
import type { Principal } from "./identity.js";
import type { LoggedRequest } from "./request-log.js";

declare module "fastify" {
  interface FastifyRequest {
    /** On whose behalf the request is made; each part of the emulator sets it before its handlers run. */
    principal: Principal;
    /** The request's entry in the log; none for the emulator's own endpoints. */
    logged: LoggedRequest | undefined;
  }
}

/** `/repositories/ID/…` is another address of `/repos/OWNER/NAME/…`; redirects after a rename lead there. */
const byId = /^\/api\/v3\/repositories\/(\d+)(?=[/?]|$)/;

/**
 * The HTTP side of the emulator: REST API, Git, and endpoints for tests.
 * @param logFile where failures of the emulator itself are written
 * @param stopping aborts delays that faults put in
 */
export async function createApp(emulator: Emulator, logFile: string, stopping: AbortSignal): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: "error", file: logFile },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
    rewriteUrl: (request) => currentUrl(emulator, request.url ?? "/"),
  });
  app.decorateRequest("principal", "anonymous");
  app.decorateRequest("logged", undefined);

  app.addHook("onRequest", async (request, reply) => {
    const path = request.originalUrl.split("?", 1)[0] ?? "";
    if (path.startsWith("/_emulator/")) return;
    const route = request.routeOptions.url ?? path;
    request.logged = emulator.requests.begin({ method: request.method, url: request.originalUrl, route });
    const fault = emulator.faults.take(request.method, path);
    if (fault !== undefined) await inject(fault, request, reply, stopping);
  });
  app.addHook("onResponse", async (request, reply) => {
    if (request.logged !== undefined) request.logged.status = reply.statusCode;
  });

  await app.register((scope) => apiRoutes(scope, emulator), { prefix: "/api/v3" });
  await app.register((scope) => appApiRoutes(scope, emulator), { prefix: "/api/v3" });
  await app.register((scope) => graphQlRoutes(scope, emulator), { prefix: "/api/graphql" });
  await app.register((scope) => adminRoutes(scope, emulator), { prefix: "/_emulator" });
  await app.register((scope) => smartHttpRoutes(scope, emulator));
  return app;
}

function currentUrl(emulator: Emulator, url: string): string {
  const id = byId.exec(url)?.[1];
  const repository = id === undefined ? undefined : emulator.catalogue.repositoryById(Number(id));
  if (repository === undefined) return url;
  return url.replace(byId, `/api/v3/repos/${emulator.owner}/${repository.name}`);
}

const secondaryLimits =
  "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits";

/** Does what a fault says; a fault that only delays lets the request go on. */
async function inject(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  stopping: AbortSignal,
): Promise<void> {
  const goesOn = fault.delayMs === undefined || (await waits(fault.delayMs, stopping));
  if (!goesOn || fault.drop === true) {
    reply.hijack();
    request.raw.socket.destroy();
  } else if (fault.status !== undefined) {
    if (fault.retryAfter !== undefined) reply.header("retry-after", String(fault.retryAfter));
    // Clients tell GitHub's secondary rate limit from other refusals by this address.
    const limited = fault.status === 429 || fault.status === 403;
    await reply.code(fault.status).send({
      message: limited ? "You have exceeded a secondary rate limit." : "The emulator was told to fail.",
      documentation_url: limited ? secondaryLimits : "https://docs.github.com/rest",
    });
  }
}

/** Whether the time has passed; false when the emulator is stopping. */
async function waits(milliseconds: number, stopping: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal: stopping });
    return true;
  } catch (error) {
    if (!stopping.aborted) throw error;
    return false;
  }
}
