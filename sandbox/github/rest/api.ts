import { createHash } from "node:crypto";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import { ApiError } from "./errors.js";
import { type Principal, principalOf } from "./identity.js";
import { branchRoutes } from "./routes/branches.js";
import { collaboratorRoutes } from "./routes/collaborators.js";
import { commentRoutes } from "./routes/comments.js";
import { commitRoutes } from "./routes/commits.js";
import { contentRoutes } from "./routes/contents.js";
import { deployKeyRoutes } from "./routes/deploy-keys.js";
import { deploymentRoutes } from "./routes/deployments.js";
import { hookRoutes } from "./routes/hooks.js";
import { installedAppRoutes } from "./routes/installed-apps.js";
import { issueRoutes } from "./routes/issues.js";
import { metaRoutes } from "./routes/meta.js";
import { organizationRoutes } from "./routes/organization.js";
import { pullRoutes } from "./routes/pulls.js";
import { repositoryRoutes } from "./routes/repositories.js";
import { rulesetRoutes } from "./routes/rulesets.js";
import { statusRoutes } from "./routes/statuses.js";
import { teamMembershipRoutes } from "./routes/team-memberships.js";
import { teamRepositoryRoutes } from "./routes/team-repositories.js";
import { teamRoutes } from "./routes/teams.js";
import { topicRoutes } from "./routes/topics.js";
import { treeRoutes } from "./routes/trees.js";

/** GitHub takes files of up to 100 MB, in Base64. */
const bodyLimit = 140 * 1024 * 1024;

/** The REST API: what all its endpoints share, and the endpoints. */
export async function apiRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  readJson(app);
  app.addHook("onRequest", async (request, reply) => {
    rateLimitHeaders(reply);
    const { token, catalogue } = emulator;
    request.principal = principalOf(request.headers.authorization, { token, state: catalogue.state });
    tokenHeaders(reply, request.principal, emulator.scopes.list);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    // An answered change must survive a crash.
    if (request.method !== "GET" && request.method !== "HEAD") await emulator.save();
    return tagged(request, reply, payload);
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    const message = `The sandbox's GitHub emulator has no ${request.method} ${request.url.split("?", 1)[0]}.`;
    return reply.code(501).send({ message, documentation_url: "https://docs.github.com/rest" });
  });

  for (const routes of [
    metaRoutes,
    organizationRoutes,
    repositoryRoutes,
    collaboratorRoutes,
    topicRoutes,
    branchRoutes,
    commitRoutes,
    statusRoutes,
    treeRoutes,
    contentRoutes,
    deployKeyRoutes,
    rulesetRoutes,
    hookRoutes,
    pullRoutes,
    issueRoutes,
    commentRoutes,
    deploymentRoutes,
    teamRoutes,
    teamMembershipRoutes,
    teamRepositoryRoutes,
  ]) {
    routes(app, emulator);
  }
}

/** The part of the REST API that Apps use as themselves: no other credentials open it. */
export async function appApiRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  readJson(app);
  app.setErrorHandler(sendError);
  installedAppRoutes(app, emulator);
}

/** GitHub reads every body as JSON, whatever its type says, and takes none for an empty one. */
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string", bodyLimit }, (_request, text, done) => {
    if (text === "") return done(null, undefined);
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new ApiError(400, { message: "Problems parsing JSON" }));
    }
  });
}

/** The emulator has no limits, but clients read these headers; a fault makes a limit where a test needs one. */
function rateLimitHeaders(reply: FastifyReply): void {
  reply.headers({
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "5000",
    "x-ratelimit-used": "0",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
    "x-ratelimit-resource": "core",
    "x-github-media-type": "github.v3; format=json",
  });
}

/** By these headers a client learns of what kind its token is, and when it ends. */
function tokenHeaders(reply: FastifyReply, principal: Principal, scopes: readonly string[] | undefined): void {
  if (principal === "owner" && scopes !== undefined) reply.header("x-oauth-scopes", scopes.join(", "));
  if (typeof principal !== "object") return;
  const { repositories, app, expiresAt } = principal;
  if (repositories === null && !app) reply.header("x-oauth-scopes", "repo");
  if (expiresAt === null) return;
  reply.header("github-authentication-token-expiration", expiresAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"));
}

/** Gives an answer its ETag, and 304 to a client that has it already. */
function tagged(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const fine = reply.statusCode === 200 || reply.statusCode === 201;
  if (!fine || typeof payload !== "string") return payload;
  const etag = `W/"${createHash("sha256").update(payload).digest("hex")}"`;
  reply.header("etag", etag);
  const seen = request.headers["if-none-match"];
  const reading = request.method === "GET" || request.method === "HEAD";
  if (!reading || seen === undefined || !sameTag(seen, etag)) return payload;
  reply.code(304).removeHeader("content-length").removeHeader("content-type");
  return null;
}

/** Weak comparison, as If-None-Match asks for. */
function sameTag(header: string, etag: string): boolean {
  const plain = (tag: string): string => tag.trim().replace(/^W\//, "");
  return header.split(",").some((tag) => plain(tag) === plain(etag) || tag.trim() === "*");
}

function sendError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError) return reply.code(error.status).headers(error.headers).send(error.body);
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return reply.code(error.statusCode).send({ message: error.message });
  }
  request.log.error(error);
  return reply.code(500).send({ message: `The GitHub emulator failed: ${error.message}` });
}
