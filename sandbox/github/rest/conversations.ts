import type { FastifyRequest } from "fastify";
import type { Emulator } from "../context.js";
import type { ConversationRecord, IssueRecord } from "../state/conversation-records.js";
import type { PullRecord, RepositoryRecord, TokenPermission, UserRecord } from "../state/records.js";
import { idOf, type RepositoryParams, readable } from "./access.js";
import { ApiError, notFound } from "./errors.js";
import { mayPush, permittedWriter, requireRights } from "./permissions.js";

/** The part of an address that names an issue or a pull request. */
export type ConversationParams = RepositoryParams & { readonly number: string };

/** The number of a repository's next issue or pull request, which share their numbers. */
export function nextNumber({ issues, pulls }: RepositoryRecord): number {
  return Math.max(0, ...[...issues, ...pulls].map(({ number }) => number)) + 1;
}

/** The issue or pull request of a number. @throws 404 when there is none */
export function conversationOf({ issues, pulls }: RepositoryRecord, text: string): IssueRecord | PullRecord {
  const number = idOf(text);
  const found = [...issues, ...pulls].find((candidate) => candidate.number === number);
  if (found === undefined) throw notFound();
  return found;
}

/**
 * The token permissions that open a conversation. Those of issues open the conversation of a pull request too.
 * @see https://docs.github.com/rest/issues/comments
 */
export function permissionsOn(conversation: IssueRecord | PullRecord): readonly TokenPermission[] {
  return isPull(conversation) ? ["issues", "pull_requests"] : ["issues"];
}

/** Whether a conversation is a pull request's. */
export function isPull(conversation: IssueRecord | PullRecord): conversation is PullRecord {
  return "mergedAt" in conversation;
}

/** The conversation that a request names, to be read. @throws 404 without it, 403 for a token without the right */
export function readableConversation(
  emulator: Emulator,
  request: FastifyRequest<{ Params: RepositoryParams }>,
  text: string,
) {
  const { principal } = request;
  const repository = readable(emulator, request);
  const conversation = conversationOf(repository, text);
  requireRights(emulator, { repository, principal }, { permissions: permissionsOn(conversation), level: "read" });
  return { repository, conversation };
}

/** The account that wrote an issue or a pull request. */
export function authorOf({ catalogue }: Emulator, { user }: ConversationRecord): UserRecord {
  return user === undefined ? catalogue.admin : catalogue.userById(user);
}

/**
 * The conversation that a request names, to be written to.
 * @throws 404 without it, and as permittedWriter()
 */
export function writableConversation(emulator: Emulator, request: FastifyRequest<{ Params: ConversationParams }>) {
  const repository = readable(emulator, request);
  const conversation = conversationOf(repository, request.params.number);
  const { user } = permittedWriter(emulator, request, { permissions: permissionsOn(conversation) });
  return { repository, conversation, user };
}

/** Refuses accounts other than the author and people who may push. An App edits what it may write. @throws 403 */
export function requireAuthor(
  emulator: Emulator,
  { principal }: FastifyRequest,
  { repository, author, user }: { repository: RepositoryRecord; author: number; user: UserRecord },
): void {
  if (author === user.id || user.bot || mayPush(emulator, principal, repository)) return;
  throw new ApiError(403, { message: "Must have admin rights to Repository." });
}
