import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import type { CommentRecord } from "../../state/conversation-records.js";
import type { RepositoryRecord } from "../../state/records.js";
import { idOf, type RepositoryParams, readable } from "../access.js";
import { bodyOf } from "../body.js";
import {
  type ConversationParams,
  conversationOf,
  permissionsOn,
  readableConversation,
  requireAuthor,
  writableConversation,
} from "../conversations.js";
import { ApiError, notFound, validationFailed } from "../errors.js";
import { page } from "../paging.js";
import { mayPush, permittedWriter } from "../permissions.js";
import { commentView } from "../views/conversation.js";

type CommentParams = RepositoryParams & { readonly id: string };

const content = z.object({ body: z.string() });

/** GitHub's limit of a comment and of an issue. */
export const mostCharacters = 65_536;

/**
 * The comments on issues and pull requests. Each reader of a repository may comment; the author and people who may push
 * edit and delete.
 * @see https://docs.github.com/rest/issues/comments
 */
export function commentRoutes(app: FastifyInstance, emulator: Emulator): void {
  conversationRoutes(app, emulator);
  singleRoutes(app, emulator);
}

/** The comments of one conversation. */
function conversationRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { catalogue } = emulator;

  app.get<{ Params: ConversationParams }>("/repos/:owner/:repo/issues/:number/comments", async (request, reply) => {
    const { repository, conversation } = readableConversation(emulator, request, request.params.number);
    const comments = repository.comments.filter(({ number }) => number === conversation.number);
    return page(request, reply, comments).map((comment) => view(emulator, repository, comment));
  });

  app.post<{ Params: ConversationParams }>("/repos/:owner/:repo/issues/:number/comments", async (request, reply) => {
    const { repository, conversation, user } = writableConversation(emulator, request);
    if (conversation.locked && !mayPush(emulator, request.principal, repository)) {
      throw new ApiError(403, { message: "Unable to create comment because issue is locked." });
    }
    const createdAt = catalogue.now();
    const comment: CommentRecord = {
      id: catalogue.id(),
      number: conversation.number,
      user: user.id,
      body: bodyText(request),
      createdAt,
      updatedAt: createdAt,
    };
    repository.comments.push(comment);
    conversation.updatedAt = createdAt;
    const shown = view(emulator, repository, comment);
    return reply.code(201).header("location", shown.url).send(shown);
  });
}

/** A comment by its id. */
function singleRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { catalogue } = emulator;

  app.get<{ Params: CommentParams }>("/repos/:owner/:repo/issues/comments/:id", async (request) => {
    const comment = find(readable(emulator, request), request.params.id);
    const { repository } = readableConversation(emulator, request, String(comment.number));
    return view(emulator, repository, comment);
  });

  app.patch<{ Params: CommentParams }>("/repos/:owner/:repo/issues/comments/:id", async (request) => {
    const { repository, comment } = ownComment(emulator, request);
    comment.body = bodyText(request);
    comment.updatedAt = catalogue.now();
    return view(emulator, repository, comment);
  });

  app.delete<{ Params: CommentParams }>("/repos/:owner/:repo/issues/comments/:id", async (request, reply) => {
    const { repository, comment } = ownComment(emulator, request);
    repository.comments = repository.comments.filter(({ id }) => id !== comment.id);
    return reply.code(204).send();
  });
}

function view({ urls, catalogue }: Emulator, repository: RepositoryRecord, comment: CommentRecord) {
  const user = catalogue.userById(comment.user);
  return commentView({ urls, state: catalogue.state, repository, user }, comment);
}

/** The comment that a request may change. @throws 404 without it, 403 for an account that may not */
function ownComment(emulator: Emulator, request: FastifyRequest<{ Params: CommentParams }>) {
  const repository = readable(emulator, request);
  const comment = find(repository, request.params.id);
  const permissions = permissionsOn(conversationOf(repository, String(comment.number)));
  const { user } = permittedWriter(emulator, request, { permissions });
  requireAuthor(emulator, request, { repository, author: comment.user, user });
  return { repository, comment };
}

function find({ comments }: RepositoryRecord, id: string): CommentRecord {
  const comment = comments.find((candidate) => candidate.id === idOf(id));
  if (comment === undefined) throw notFound();
  return comment;
}

/** The text of a comment. @throws 422 when it is empty or too long */
function bodyText(request: FastifyRequest): string {
  const { body } = bodyOf(request, "IssueComment", content);
  if (body.trim() === "") {
    throw validationFailed({
      resource: "IssueComment",
      field: "data",
      code: "unprocessable",
      message: "Body cannot be blank",
    });
  }
  requireShort("IssueComment", body);
  return body;
}

/** @throws 422 for a text that is too long */
export function requireShort(resource: string, text: string): void {
  if ([...text].length <= mostCharacters) return;
  const message = `body is too long (maximum is ${mostCharacters} characters)`;
  throw validationFailed({ resource, field: "body", code: "custom", message });
}
