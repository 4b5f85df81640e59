import { z } from "zod";

/** Issues, comments and deployments of a repository, as the state document has them. */
const timestamp = z.string();

/** The reason for a lock, in the words of the REST API. */
export const lockReason = z.enum(["off-topic", "too heated", "resolved", "spam"]);

/** The reason for the state of an issue, in the words of the REST API. */
export const stateReason = z.enum(["completed", "not_planned", "duplicate", "reopened"]);

/** The fields that issues and pull requests share. */
export const conversation = z.object({
  id: z.number(),
  /** Issues and pull requests of a repository share their numbers. */
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(["open", "closed"]),
  /** Id of its author. An emulator that knew none left documents without: the organisation's owner. */
  user: z.number().optional(),
  locked: z.boolean().default(false),
  lockReason: lockReason.nullable().default(null),
  createdAt: timestamp,
  updatedAt: timestamp,
  closedAt: timestamp.nullable(),
});
/** An issue or a pull request. */
export type ConversationRecord = z.infer<typeof conversation>;

/** An issue. */
export const issue = conversation.extend({
  stateReason: stateReason.nullable(),
  closedBy: z.number().nullable(),
  labels: z.array(z.string()),
});
/** An issue. */
export type IssueRecord = z.infer<typeof issue>;

/** A comment on an issue or a pull request. */
export const comment = z.object({
  id: z.number(),
  /** Number of the issue or pull request. */
  number: z.number(),
  /** Id of its author. */
  user: z.number(),
  body: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** A comment on an issue or a pull request. */
export type CommentRecord = z.infer<typeof comment>;

/** The state of a deployment, in the words of the REST API. */
export const deploymentState = z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]);

const deploymentStatus = z.object({
  id: z.number(),
  state: deploymentState,
  description: z.string(),
  environmentUrl: z.string(),
  logUrl: z.string(),
  creator: z.number(),
  createdAt: timestamp,
});
/** A status of a deployment. */
export type DeploymentStatusRecord = z.infer<typeof deploymentStatus>;

/** A request to deploy a commit to an environment. */
export const deployment = z.object({
  id: z.number(),
  sha: z.string(),
  /** The branch, tag or commit that was asked for. */
  ref: z.string(),
  task: z.string(),
  payload: z.union([z.string(), z.record(z.string(), z.unknown())]),
  environment: z.string(),
  description: z.string().nullable(),
  creator: z.number(),
  transient: z.boolean(),
  production: z.boolean(),
  /** Oldest first. */
  statuses: z.array(deploymentStatus),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** A request to deploy a commit to an environment. */
export type DeploymentRecord = z.infer<typeof deployment>;
