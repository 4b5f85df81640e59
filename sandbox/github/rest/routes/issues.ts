import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { type IssueRecord, lockReason, stateReason } from "../../state/conversation-records.js";
import type { PullRecord, RepositoryRecord } from "../../state/records.js";
import { type RepositoryParams, readable } from "../access.js";
import { bodyOf } from "../body.js";
import {
  authorOf,
  type ConversationParams,
  conversationOf,
  isPull,
  nextNumber,
  permissionsOn,
  readableConversation,
  requireAuthor,
  writableConversation,
} from "../conversations.js";
import { ApiError } from "../errors.js";
import { page } from "../paging.js";
import { permitted, permittedWriter } from "../permissions.js";
import { issueView } from "../views/conversation.js";
import { requireShort } from "./comments.js";

const creation = z.object({
  title: z.union([z.string().min(1), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).optional(),
});
const change = creation.extend({ state: z.enum(["open", "closed"]), state_reason: stateReason.nullable() }).partial();
const locking = z.object({ lock_reason: lockReason.optional() });

interface IssuesQuery {
  readonly state?: string;
  readonly creator?: string;
  readonly labels?: string;
}

/**
 * Issues, and pull requests as far as they are issues. Labels need not exist. There are no assignees and no milestones.
 * @see https://docs.github.com/rest/issues/issues
 */
export function issueRoutes(app: FastifyInstance, emulator: Emulator): void {
  readRoutes(app, emulator);
  writeRoutes(app, emulator);
  lockRoutes(app, emulator);
}

function readRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: RepositoryParams; Querystring: IssuesQuery }>(
    "/repos/:owner/:repo/issues",
    async (request, reply) => {
      const { repository } = permitted(emulator, request, { permissions: ["issues"], level: "read" });
      const found = [...repository.issues, ...repository.pulls]
        .filter((record) => matches(emulator, request.query, record))
        .sort((a, b) => b.number - a.number);
      return page(request, reply, found).map((record) => view(emulator, repository, record));
    },
  );

  app.get<{ Params: ConversationParams }>("/repos/:owner/:repo/issues/:number", async (request) => {
    const { repository, conversation } = readableConversation(emulator, request, request.params.number);
    return view(emulator, repository, conversation);
  });
}

function writeRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { catalogue } = emulator;

  app.post<{ Params: RepositoryParams }>("/repos/:owner/:repo/issues", async (request, reply) => {
    const { repository, user } = permittedWriter(emulator, request, { permissions: ["issues"] });
    requireIssues(repository);
    const { title, body, labels = [] } = bodyOf(request, "Issue", creation);
    requireShort("Issue", body ?? "");
    const createdAt = catalogue.now();
    const issue: IssueRecord = {
      id: catalogue.id(),
      number: nextNumber(repository),
      title,
      body: body ?? null,
      state: "open",
      stateReason: null,
      user: user.id,
      locked: false,
      lockReason: null,
      closedBy: null,
      labels,
      createdAt,
      updatedAt: createdAt,
      closedAt: null,
    };
    repository.issues.push(issue);
    return reply.code(201).send(view(emulator, repository, issue));
  });

  app.patch<{ Params: ConversationParams }>("/repos/:owner/:repo/issues/:number", async (request) => {
    const { repository, conversation: record, user } = writableConversation(emulator, request);
    requireAuthor(emulator, request, { repository, author: authorOf(emulator, record).id, user });
    const body = bodyOf(request, "Issue", change);
    requireShort("Issue", body.body ?? "");
    update(record, body, { now: catalogue.now(), user: user.id });
    return view(emulator, repository, record);
  });
}

function view(emulator: Emulator, repository: RepositoryRecord, record: IssueRecord | PullRecord) {
  const { urls, catalogue } = emulator;
  const context = { urls, state: catalogue.state, repository, user: authorOf(emulator, record) };
  const closedBy = isPull(record) || record.closedBy === null ? undefined : catalogue.userById(record.closedBy);
  return issueView(context, record, closedBy);
}

/** Locks and unlocks a conversation, which people who may push may do. */
function lockRoutes(app: FastifyInstance, emulator: Emulator): void {
  for (const [method, locked] of [
    ["PUT", true],
    ["DELETE", false],
  ] as const) {
    app.route<{ Params: ConversationParams }>({
      method,
      url: "/repos/:owner/:repo/issues/:number/lock",
      handler: async (request, reply) => {
        const repository = readable(emulator, request);
        const record = conversationOf(repository, request.params.number);
        permittedWriter(emulator, request, { permissions: permissionsOn(record), role: "push" });
        const { lock_reason: reason = null } = locked ? bodyOf(request, "Issue", locking) : {};
        Object.assign(record, { locked, lockReason: reason });
        return reply.code(204).send();
      },
    });
  }
}

/** Changes an issue or a pull request. A pull request that was merged stays closed. */
function update(
  record: IssueRecord | PullRecord,
  { title, body, labels, state, state_reason: reason }: z.infer<typeof change>,
  { now, user }: { readonly now: string; readonly user: number },
): void {
  record.title = title ?? record.title;
  record.body = body === undefined ? record.body : body;
  record.updatedAt = now;
  if (!isPull(record)) record.labels = labels ?? record.labels;
  if (state === undefined || state === record.state || (isPull(record) && record.mergedAt !== null)) return;
  record.state = state;
  record.closedAt = state === "closed" ? now : null;
  if (isPull(record)) return;
  record.stateReason = state === "closed" ? (reason ?? "completed") : "reopened";
  record.closedBy = state === "closed" ? user : null;
}

function matches(emulator: Emulator, query: IssuesQuery, record: IssueRecord | PullRecord): boolean {
  const { state = "open", creator, labels } = query;
  const own = isPull(record) ? [] : record.labels;
  return (
    (state === "all" || record.state === state) &&
    (creator === undefined || authorOf(emulator, record).login.toLowerCase() === creator.toLowerCase()) &&
    (labels === undefined || labels.split(",").every((label) => own.includes(label)))
  );
}

/** @throws 410 for a repository whose issues are switched off */
function requireIssues({ settings }: RepositoryRecord): void {
  if (!settings.has_issues) throw new ApiError(410, { message: "Issues are disabled for this repo" });
}
