import type { FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import type { RepositoryRecord } from "../state/records.js";
import { archived, moved, notFound, requiresAuthentication } from "./errors.js";

/** The part of an address that names a repository. */
export interface RepositoryParams {
  readonly owner: string;
  readonly repo: string;
}

/** Refuses a request without the token. @throws 401 */
export function requireOwner(request: FastifyRequest): void {
  if (request.principal !== "owner") throw requiresAuthentication();
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
  if (found === undefined || (found.visibility !== "public" && request.principal !== "owner")) throw notFound();
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
