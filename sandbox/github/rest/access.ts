import type { FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import { covers } from "../state/access-tokens.js";
import type { AccessTokenRecord, RepositoryRecord, TokenPermission } from "../state/records.js";
import { archived, moved, notAccessible, notFound, requiresAuthentication } from "./errors.js";
import type { Principal } from "./identity.js";
import { roleOf } from "./roles.js";

/** The part of an address that names a repository. */
export interface RepositoryParams {
  readonly owner: string;
  readonly repo: string;
}

/**
 * Refuses a request without the owner's token, or that of an App with the permission.
 * @throws 401 without any, 403 with a person's, and with an App's that lacks the permission
 */
export function requireOwner({ principal, method, routeOptions }: FastifyRequest): void {
  if (principal === "anonymous") throw requiresAuthentication();
  if (principal === "owner") return;
  if (!principal.app) throw notAccessible("personal access token");
  requireAppPermission(principal, permissionOf(routeOptions.url ?? ""), method === "GET" ? "read" : "write");
}

/** Refuses an App without a permission. @throws 403 that names it */
export function requireAppPermission(
  { permissions }: AccessTokenRecord,
  name: TokenPermission,
  level: "read" | "write",
): void {
  const has = permissions[name] === "write" || permissions[name] === level;
  if (!has) throw notAccessible("integration", `${name}=${level}`);
}

/**
 * The permission that an App needs for a route that people use as owners only.
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
function permissionOf(route: string): TokenPermission {
  if (/\/hooks(\/|$)/.test(route)) return "repository_hooks";
  if (/\/(orgs\/:org\/teams|organizations\/:org\/team)(\/|$)/.test(route)) return "members";
  return /\/(contents|git)\//.test(route) ? "contents" : "administration";
}

/** Whether a principal sees a repository: everyone a public one, a person those that token and role allow, an App its own. */
export function sees({ catalogue }: Emulator, principal: Principal, repository: RepositoryRecord): boolean {
  if (principal === "owner" || repository.visibility === "public") return true;
  if (principal === "anonymous") return false;
  if (!covers(principal, repository)) return false;
  return principal.app || roleOf(catalogue.state, repository, principal.user).permissions.pull;
}

/** The rights of a principal on a repository, as views of it show them. */
export function permissionsOf({ catalogue }: Emulator, principal: Principal, repository: RepositoryRecord) {
  const user = typeof principal === "object" ? principal.user : catalogue.admin.id;
  return roleOf(catalogue.state, repository, user).permissions;
}

/** Refuses any organisation but the emulator's. @throws 404 */
export function requireOrganization(emulator: Emulator, login: string): void {
  if (login.toLowerCase() !== emulator.owner.toLowerCase()) throw notFound();
}

/**
 * The repository that a request names, to be read.
 * @throws 404 when there is none, or a private one and no token; 301 or 307 when it has another name now
 */
export function readable(emulator: Emulator, request: FastifyRequest<{ Params: RepositoryParams }>): RepositoryRecord {
  const { owner, repo } = request.params;
  return readableByName(emulator, request, owner, repo);
}

/** The same for addresses that name the repository elsewhere. */
export function readableByName(
  emulator: Emulator,
  request: FastifyRequest,
  owner: string,
  name: string,
): RepositoryRecord {
  const { catalogue, urls } = emulator;
  requireOrganization(emulator, owner);
  const found = catalogue.repository(name) ?? catalogue.formerRepository(name);
  if (found === undefined || !sees(emulator, request.principal, found)) throw notFound();
  if (found.name.toLowerCase() !== name.toLowerCase()) {
    const rest = /^\/api\/v3\/repos\/[^/]+\/[^/?]+(.*)$/.exec(request.url)?.[1];
    if (rest !== undefined) throw moved(request.method, urls.api(`repositories/${found.id}${rest}`));
  }
  return found;
}

/**
 * The repository that a request names, to be looked into or changed by its owner.
 * @throws 401 without token, 404 and 301 as readable()
 */
export function administered(
  emulator: Emulator,
  request: FastifyRequest<{ Params: RepositoryParams }>,
): RepositoryRecord {
  const repository = readable(emulator, request);
  requireOwner(request);
  return repository;
}

/**
 * The repository that a request names, to be written to.
 * @throws as administered(); 403 when it is archived
 */
export function writable(emulator: Emulator, request: FastifyRequest<{ Params: RepositoryParams }>): RepositoryRecord {
  const repository = administered(emulator, request);
  if (repository.archived) throw archived();
  return repository;
}

/** A number from an address. @throws 404 when it is none */
export function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}
