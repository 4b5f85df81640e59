import type { FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import type { RepositoryRecord, TeamPermission, TokenPermission, UserRecord } from "../state/records.js";
import { type RepositoryParams, readable } from "./access.js";
import { ApiError, archived, notAccessible, requiresAuthentication } from "./errors.js";
import type { Principal } from "./identity.js";
import { roleOf } from "./roles.js";

/** The rights that an endpoint asks for. */
export interface RequiredRights {
  /** Any of these permissions of the token is enough. */
  readonly permissions: readonly TokenPermission[];
  readonly level: "read" | "write";
  /** Role of the token's person on the repository. @default "pull" */
  readonly role?: TeamPermission;
}

/** A repository that a request may use, and the account that it acts as. */
export interface Permitted {
  readonly repository: RepositoryRecord;
  /** Undefined for a client without a token, which reads public repositories. */
  readonly user: UserRecord | undefined;
}

/**
 * The repository that a request names, if its token has the rights. An App has no role, only permissions.
 * @throws as readable(); 401 for a write without token, 403 without the rights, and for a write to an archived repository
 * @see https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export function permitted(
  emulator: Emulator,
  request: FastifyRequest<{ Params: RepositoryParams }>,
  rights: RequiredRights,
): Permitted {
  const { principal } = request;
  const repository = readable(emulator, request);
  const user = accountOf(emulator, principal);
  if (rights.level === "write" && user === undefined) throw requiresAuthentication();
  requireRights(emulator, { repository, principal }, rights);
  if (rights.level === "write" && repository.archived) throw archived();
  return { repository, user };
}

/** The same for a request that writes, and so has an account. */
export function permittedWriter(
  emulator: Emulator,
  request: FastifyRequest<{ Params: RepositoryParams }>,
  rights: Omit<RequiredRights, "level">,
): Permitted & { readonly user: UserRecord } {
  const { repository, user } = permitted(emulator, request, { ...rights, level: "write" });
  if (user === undefined) throw requiresAuthentication();
  return { repository, user };
}

/** Refuses a token without the rights. @throws 403 that names the permissions, as GitHub's header does */
export function requireRights(
  { catalogue }: Emulator,
  { repository, principal }: { readonly repository: RepositoryRecord; readonly principal: Principal },
  { permissions, level, role = "pull" }: RequiredRights,
): void {
  if (typeof principal !== "object") return;
  const { app, repositories, permissions: own } = principal;
  const isPublicRead = level === "read" && repository.visibility === "public";
  // A classic token of the scope repo has all rights of its person.
  const isLimited = app || repositories !== null;
  const has = permissions.some((name) => own[name] === "write" || own[name] === level);
  if (isLimited && !has && !isPublicRead) throw notPermitted(app, permissions, level);
  const hasRole = app || roleOf(catalogue.state, repository, principal.user).permissions[role];
  if (!hasRole) throw new ApiError(403, { message: "Must have admin rights to Repository." });
}

/** Whether a principal may do what people with the role "write" may. Apps may not, whatever their permissions. */
export function mayPush({ catalogue }: Emulator, principal: Principal, repository: RepositoryRecord): boolean {
  if (typeof principal !== "object") return principal === "owner";
  return !principal.app && roleOf(catalogue.state, repository, principal.user).permissions.push;
}

function accountOf({ catalogue }: Emulator, principal: Principal): UserRecord | undefined {
  if (typeof principal === "object") return catalogue.userById(principal.user);
  return principal === "owner" ? catalogue.admin : undefined;
}

function notPermitted(app: boolean, permissions: readonly TokenPermission[], level: string): ApiError {
  const accepted = permissions.map((name) => `${name}=${level}`).join("; ");
  return notAccessible(app ? "integration" : "personal access token", accepted);
}
