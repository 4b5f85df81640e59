import { PassThrough, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bare, type Emulator } from "../context.js";
import type { PackServiceName } from "../git/pack-service.js";
import { permissionsOf, sees } from "../rest/access.js";
import { ApiError } from "../rest/errors.js";
import { principalOf } from "../rest/identity.js";
import { covers } from "../state/access-tokens.js";
import type { RepositoryRecord } from "../state/records.js";
import { announcePush } from "../webhooks/push-event.js";
import { archivedMessage, reviewer } from "./review.js";

interface GitParams {
  readonly owner: string;
  readonly repo: string;
}

/** A refusal that Git shows its user as `remote: TEXT`. */
class GitRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Git's smart HTTP protocol: anyone reads public repositories, the owner's token reads and writes all, and a person's those
 * that it covers.
 * @see https://git-scm.com/docs/http-protocol
 */
export async function smartHttpRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
  // Packs are not parsed but handed to Git as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof GitRefusal)) throw error;
    if (error.status === 401) reply.header("www-authenticate", 'Basic realm="GitHub"');
    return reply.code(error.status).type("text/plain; charset=utf-8").send(`${error.message}\n`);
  });

  app.addHook("onRequest", async (request) => {
    try {
      const { token, catalogue } = emulator;
      request.principal = principalOf(request.headers.authorization, { token, state: catalogue.state });
    } catch (error) {
      if (error instanceof ApiError) throw new GitRefusal(401, "Invalid username or token.");
      throw error;
    }
  });

  app.get<{ Params: GitParams; Querystring: { service?: string } }>(
    "/:owner/:repo/info/refs",
    async (request, reply) => {
      const service = serviceName(request.query.service);
      if (service === undefined)
        throw new GitRefusal(403, "Please upgrade your Git client: only the smart protocol is served.");
      return advertise(emulator, request, reply, service);
    },
  );

  for (const service of ["git-upload-pack", "git-receive-pack"] as const) {
    app.post<{ Params: GitParams; Body: Readable }>(`/:owner/:repo/${service}`, async (request, reply) =>
      serve(emulator, request, reply, service),
    );
  }
}

/** Answers with the references of a repository: the first half of a fetch or push. */
function advertise(
  emulator: Emulator,
  request: FastifyRequest<{ Params: GitParams }>,
  reply: FastifyReply,
  service: PackServiceName,
): FastifyReply {
  const { git } = start(emulator, request, service, "advertise");
  git.stdin.end();
  const announcement = `# service=${service}\n`;
  const body = new PassThrough();
  body.write(`${(announcement.length + 4).toString(16).padStart(4, "0")}${announcement}0000`);
  git.stdout.pipe(body);
  endWithClient(reply, git);
  return answer(reply, `application/x-${service}-advertisement`, body);
}

/** Runs Git on the body of a request: the second half of a fetch or push. */
function serve(
  emulator: Emulator,
  request: FastifyRequest<{ Params: GitParams; Body: Readable }>,
  reply: FastifyReply,
  service: PackServiceName,
): FastifyReply {
  const { git, repository } = start(emulator, request, service, "stateless");
  endWithClient(reply, git);
  const compressed = request.headers["content-encoding"] === "gzip";
  const body = compressed ? request.body.pipe(createGunzip()) : request.body;
  // A client that leaves or sends rubbish ends Git, which is all there is to do about it.
  body.on("error", () => git.kill());
  body.pipe(git.stdin);
  const output = new PassThrough();
  git.stdout.pipe(output, { end: false });
  git.stderr.resume();
  // The answer ends after the webhooks were notified, so that a pusher can rely on them.
  git.done
    .then(({ applied }) => announcePush(emulator, repository, applied))
    .catch((error: unknown) => request.log.error(error))
    .finally(() => output.end());
  return answer(reply, `application/x-${service}-result`, output);
}

/** Starts Git on the repository of a request. @throws GitRefusal unless this client may use it so */
function start(
  emulator: Emulator,
  request: FastifyRequest<{ Params: GitParams }>,
  service: PackServiceName,
  mode: "advertise" | "stateless",
) {
  const repository = admit(emulator, request, service);
  const git = emulator.packs.start({
    service,
    directory: bare(emulator, repository).directory,
    protocol: gitProtocol(request),
    mode,
    review: reviewer(emulator, repository, administers(emulator, request, repository) ? "owner" : "person"),
  });
  return { git, repository };
}

function answer(reply: FastifyReply, type: string, body: Readable): FastifyReply {
  return reply.headers({ "content-type": type, "cache-control": "no-cache" }).send(body);
}

function endWithClient(reply: FastifyReply, git: { kill(): void }): void {
  reply.raw.on("close", () => git.kill());
}

function serviceName(name: string | undefined): PackServiceName | undefined {
  return name === "git-upload-pack" || name === "git-receive-pack" ? name : undefined;
}

/** Version 2 is asked for by a header. */
function gitProtocol(request: FastifyRequest): string | undefined {
  const value = request.headers["git-protocol"];
  return typeof value === "string" && /^[a-z0-9=:]+$/.test(value) ? value : undefined;
}

/**
 * The repository, if this client may use it so. Without credentials a private repository cannot be told from one that
 * does not exist: both ask for a password, as on GitHub.
 */
function admit(
  emulator: Emulator,
  request: FastifyRequest<{ Params: GitParams }>,
  service: PackServiceName,
): RepositoryRecord {
  const { catalogue } = emulator;
  const name = request.params.repo.replace(/\.git$/, "");
  const mine = request.params.owner.toLowerCase() === emulator.owner.toLowerCase();
  const repository = mine ? (catalogue.repository(name) ?? catalogue.formerRepository(name)) : undefined;
  const anonymous = request.principal === "anonymous";
  const open = repository?.visibility === "public" && service === "git-upload-pack";
  if (anonymous && !open) throw new GitRefusal(401, "Authentication is required: give the token as password.");
  if (repository === undefined || !sees(emulator, request.principal, repository)) {
    throw new GitRefusal(404, "Repository not found.");
  }
  if (service === "git-receive-pack" && !mayPush(emulator, request, repository)) {
    throw new GitRefusal(403, "Write access to repository not granted.");
  }
  if (service === "git-receive-pack" && repository.archived) throw new GitRefusal(403, archivedMessage);
  return repository;
}

/** Whether the principal's role on a repository is that of an administrator, who may bypass rulesets. */
function administers(emulator: Emulator, { principal }: FastifyRequest, repository: RepositoryRecord): boolean {
  return permissionsOf(emulator, principal, repository).admin;
}

/**
 * Whether a client may push: its token must cover the repository and may write. A person needs the role, too. An App has
 * none: its permission Contents decides.
 */
function mayPush(emulator: Emulator, { principal }: FastifyRequest, repository: RepositoryRecord): boolean {
  if (typeof principal !== "object") return principal === "owner";
  const hasRole = principal.app || permissionsOf(emulator, principal, repository).push;
  return principal.write && covers(principal, repository) && hasRole;
}
