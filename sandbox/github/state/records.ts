import { z } from "zod";
import { comment, conversation, deployment, issue } from "./conversation-records.js";

/**
 * The emulator's state, as one JSON document. Git data is not in it: that lives in the bare repositories.
 *
 * One schema, types inferred: a document that an older or damaged emulator left behind is refused at start,
 * with the field that is wrong, instead of failing later in some request.
 */

const timestamp = z.string();

const deployKey = z.object({
  id: z.number(),
  title: z.string(),
  /** `TYPE BASE64`, without comment, as GitHub stores it. */
  key: z.string(),
  readOnly: z.boolean(),
  createdAt: timestamp,
  lastUsed: timestamp.nullable(),
});
/** A public key that opens one repository over SSH. */
export type DeployKeyRecord = z.infer<typeof deployKey>;

/** An actor that may bypass a ruleset. The names are those of the REST API. */
const bypassActor = z.object({
  actor_id: z.number().nullable(),
  actor_type: z.enum(["Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey"]),
  bypass_mode: z.enum(["always", "pull_request", "exempt"]),
});

const rule = z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() });
/** One rule of a ruleset, in the form of the REST API. */
export type Rule = z.infer<typeof rule>;

const ruleset = z.object({
  id: z.number(),
  name: z.string(),
  target: z.enum(["branch", "tag"]),
  enforcement: z.enum(["active", "disabled", "evaluate"]),
  bypassActors: z.array(bypassActor),
  /** Patterns of full reference names; `~DEFAULT_BRANCH` and `~ALL` are special. */
  refName: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).nullable(),
  rules: z.array(rule),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** A set of rules that pushes to matching references must obey. */
export type RulesetRecord = z.infer<typeof ruleset>;

const hook = z.object({
  id: z.number(),
  url: z.string(),
  contentType: z.enum(["json", "form"]),
  secret: z.string().nullable(),
  insecureSsl: z.boolean(),
  events: z.array(z.string()),
  active: z.boolean(),
  createdAt: timestamp,
  updatedAt: timestamp,
  lastResponse: z.object({ code: z.number().nullable(), status: z.string(), message: z.string().nullable() }),
});
/** A webhook of one repository. */
export type HookRecord = z.infer<typeof hook>;

const pull = conversation.extend({
  draft: z.boolean(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
  mergeCommit: z.string().nullable(),
  mergedAt: timestamp.nullable(),
});
/** A pull request between two branches of one repository. */
export type PullRecord = z.infer<typeof pull>;

/** How a commit fares, in the words of the REST API. */
export const commitState = z.enum(["error", "failure", "pending", "success"]);

const commitStatus = z.object({
  id: z.number(),
  sha: z.string(),
  state: commitState,
  /** The name of the check: of the statuses of one commit and context, the newest counts. */
  context: z.string(),
  description: z.string().nullable(),
  targetUrl: z.string().nullable(),
  /** Id of the account that reported it. An emulator that knew none left documents without: the organisation's owner. */
  creator: z.number().optional(),
  createdAt: timestamp,
});
/** A status of a commit. */
export type CommitStatusRecord = z.infer<typeof commitStatus>;

/** Merge settings and feature switches that a client may change; the names are those of the REST API. */
export const repositorySettings = z.object({
  has_issues: z.boolean(),
  has_projects: z.boolean(),
  has_wiki: z.boolean(),
  has_discussions: z.boolean(),
  has_downloads: z.boolean(),
  is_template: z.boolean(),
  allow_merge_commit: z.boolean(),
  allow_squash_merge: z.boolean(),
  allow_rebase_merge: z.boolean(),
  allow_auto_merge: z.boolean(),
  allow_update_branch: z.boolean(),
  allow_forking: z.boolean(),
  delete_branch_on_merge: z.boolean(),
  use_squash_pr_title_as_default: z.boolean(),
  web_commit_signoff_required: z.boolean(),
  squash_merge_commit_title: z.enum(["PR_TITLE", "COMMIT_OR_PR_TITLE"]),
  squash_merge_commit_message: z.enum(["PR_BODY", "COMMIT_MESSAGES", "BLANK"]),
  merge_commit_title: z.enum(["PR_TITLE", "MERGE_MESSAGE"]),
  merge_commit_message: z.enum(["PR_BODY", "PR_TITLE", "BLANK"]),
});
/** Merge settings and feature switches of one repository. */
export type RepositorySettings = z.infer<typeof repositorySettings>;

/** The settings of a repository that was created without saying anything about them. */
export const defaultSettings: Readonly<RepositorySettings> = {
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_discussions: false,
  has_downloads: true,
  is_template: false,
  allow_merge_commit: true,
  allow_squash_merge: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  allow_update_branch: false,
  allow_forking: false,
  delete_branch_on_merge: false,
  use_squash_pr_title_as_default: false,
  web_commit_signoff_required: false,
  squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
  squash_merge_commit_message: "COMMIT_MESSAGES",
  merge_commit_title: "MERGE_MESSAGE",
  merge_commit_message: "PR_TITLE",
};

/** The visibility of a repository. */
export const visibility = z.enum(["public", "private", "internal"]);

/** The features that `security_and_analysis` can switch on and off. */
export const securityFeature = z.enum([
  "advanced_security",
  "code_security",
  "dependabot_security_updates",
  "secret_scanning",
  "secret_scanning_push_protection",
]);

const repository = z.object({
  id: z.number(),
  name: z.string(),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  visibility,
  defaultBranch: z.string(),
  topics: z.array(z.string()),
  archived: z.boolean(),
  settings: repositorySettings,
  vulnerabilityAlerts: z.boolean(),
  security: z.partialRecord(securityFeature, z.enum(["enabled", "disabled"])),
  /** Id of the template it was generated from. */
  template: z.number().nullable(),
  keys: z.array(deployKey),
  rulesets: z.array(ruleset),
  hooks: z.array(hook),
  pulls: z.array(pull),
  /** Oldest first. An emulator that knew none left documents without. */
  statuses: z.array(commitStatus).default([]),
  /** Without pull requests. An emulator that knew none left documents without, as for the next two. */
  issues: z.array(issue).default([]),
  /** Oldest first. */
  comments: z.array(comment).default([]),
  /** Oldest first. */
  deployments: z.array(deployment).default([]),
  createdAt: timestamp,
  updatedAt: timestamp,
  pushedAt: timestamp,
});
/** A repository and everything that belongs to it alone. */
export type RepositoryRecord = z.infer<typeof repository>;

/** A team's permission on a repository, in the words of the teams API. */
export const teamPermission = z.enum(["pull", "triage", "push", "maintain", "admin"]);
/** A team's permission on a repository. */
export type TeamPermission = z.infer<typeof teamPermission>;

const team = z.object({
  id: z.number(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  privacy: z.enum(["closed", "secret"]),
  notificationSetting: z.enum(["notifications_enabled", "notifications_disabled"]),
  members: z.array(z.object({ user: z.number(), role: z.enum(["member", "maintainer"]) })),
  repositories: z.array(z.object({ repository: z.number(), permission: teamPermission })),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** A team of the organisation. */
export type TeamRecord = z.infer<typeof team>;

const user = z.object({
  id: z.number(),
  login: z.string(),
  email: z.string(),
  createdAt: timestamp,
  /** Whether it is the account of a GitHub App, whose login ends in `[bot]`. */
  bot: z.boolean().default(false),
});
/** A person or the account of an App. The first one owns the organisation and the token. */
export type UserRecord = z.infer<typeof user>;

/** Parts of a repository that a token may be allowed to read or write, by the names of GitHub's headers. */
export const tokenPermission = z.enum([
  "administration",
  "contents",
  "deployments",
  "issues",
  "members",
  "metadata",
  "pull_requests",
  "repository_hooks",
  "statuses",
  "workflows",
]);
/** A part of a repository that a token may be allowed to read or write. */
export type TokenPermission = z.infer<typeof tokenPermission>;

const accessToken = z.object({
  /** SHA-256 of the token, in hex. */
  digest: z.string(),
  user: z.number(),
  /** Ids of the repositories that it is limited to. Null for a classic token, which covers all of its account. */
  repositories: z.array(z.number()).nullable(),
  /** Whether it may write the content of these repositories, as far as its account may. */
  write: z.boolean(),
  /** The rights of a token that is limited to repositories, and of an App's. */
  permissions: z.partialRecord(tokenPermission, z.enum(["read", "write"])).default({}),
  /** Whether it is the token of an App on its repositories, such as that of a workflow, and not a person's. */
  app: z.boolean().default(false),
  /** Number of an App that is installed in the emulator. Null for any other token. */
  appId: z.number().nullable().default(null),
  expiresAt: timestamp.nullable(),
});
/** A personal access token of a user, or the token of an App. */
export type AccessTokenRecord = z.infer<typeof accessToken>;

const installedApp = z.object({
  id: z.number(),
  /** Its name in addresses: `fleet`. */
  slug: z.string(),
  publicKey: z.string(),
  /** Seconds that its tokens live. GitHub's live an hour. */
  tokenSeconds: z.number(),
  /** Seconds that the emulator's clock is ahead of this machine's for the App. */
  aheadSeconds: z.number(),
  installation: z.object({
    id: z.number(),
    /** Login of the account that it is on. */
    account: z.string(),
    permissions: z.partialRecord(tokenPermission, z.enum(["read", "write"])),
    suspendedAt: timestamp.nullable(),
  }),
  createdAt: timestamp,
});
/** A GitHub App with one installation. Its public key is PEM. */
export type InstalledAppRecord = z.infer<typeof installedApp>;

/** The right of every member of the organisation on all repositories. */
export const basePermission = z.enum(["none", "read", "write", "admin"]);

/** The whole document. */
export const stateSchema = z.object({
  version: z.literal(1),
  nextId: z.number(),
  /** Ports of the last run, taken again if they are free, because clone URLs carry them. */
  ports: z.object({ http: z.number(), ssh: z.number() }).nullable(),
  organization: z.object({
    id: z.number(),
    login: z.string(),
    createdAt: timestamp,
    basePermission: basePermission.default("read"),
  }),
  users: z.array(user).min(1),
  repositories: z.array(repository),
  /** Former names, in lower case, and the id of the repository that had them. */
  formerNames: z.record(z.string(), z.number()),
  teams: z.array(team),
  /** An emulator that knew none left documents without. */
  tokens: z.array(accessToken).default([]),
  /** An emulator that knew none left documents without. */
  apps: z.array(installedApp).default([]),
});
/** The whole document. */
export type State = z.infer<typeof stateSchema>;
