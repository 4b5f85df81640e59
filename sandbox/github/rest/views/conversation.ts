import type { CommentRecord, IssueRecord } from "../../state/conversation-records.js";
import type { PullRecord, RepositoryRecord, State, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { userAccountView } from "./user.js";

/** The data of an issue or comment that its view needs beside the record. */
export interface ConversationContext {
  readonly urls: Urls;
  readonly state: State;
  readonly repository: RepositoryRecord;
  /** The author. */
  readonly user: UserRecord;
}

/** Everybody belongs to the organisation, except Apps. */
export function associationOf({ bot }: UserRecord): "MEMBER" | "NONE" {
  return bot ? "NONE" : "MEMBER";
}

/** An issue. A pull request is one too, with `pull_request`. */
export function issueView(context: ConversationContext, record: IssueRecord | PullRecord, closedBy?: UserRecord) {
  const { urls, state, repository, user } = context;
  const isPull = "mergedAt" in record;
  const api = urls.repository(repository.name);
  const url = `${api}/issues/${record.number}`;
  const page = urls.page(`${state.organization.login}/${repository.name}`);
  const html = `${page}/${isPull ? "pull" : "issues"}/${record.number}`;
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    id: record.id,
    node_id: nodeId(isPull ? "PullRequest" : "Issue", record.id),
    number: record.number,
    title: record.title,
    user: userAccountView(urls, user),
    labels: isPull ? [] : record.labels.map((name) => labelView(api, name)),
    state: record.state,
    state_reason: isPull ? null : record.stateReason,
    locked: record.locked,
    active_lock_reason: record.lockReason,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: commentCount(repository, record.number),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    closed_at: record.closedAt,
    closed_by: closedBy === undefined ? null : userAccountView(urls, closedBy),
    author_association: associationOf(user),
    body: record.body,
    performed_via_github_app: null,
    ...(isPull ? { draft: record.draft, pull_request: pullPart(api, html, record) } : {}),
  };
}

function pullPart(api: string, html: string, { number, mergedAt }: PullRecord) {
  const addresses = { url: `${api}/pulls/${number}`, html_url: html };
  return { ...addresses, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: mergedAt };
}

function labelView(api: string, name: string) {
  return { url: `${api}/labels/${encodeURIComponent(name)}`, name, color: "ededed", default: false, description: null };
}

/** The number of comments of an issue or a pull request. */
export function commentCount({ comments }: RepositoryRecord, number: number): number {
  return comments.filter((comment) => comment.number === number).length;
}

/** A comment on an issue or a pull request. */
export function commentView({ urls, state, repository, user }: ConversationContext, record: CommentRecord) {
  const api = urls.repository(repository.name);
  const isPull = repository.pulls.some(({ number }) => number === record.number);
  const page = urls.page(`${state.organization.login}/${repository.name}`);
  return {
    url: `${api}/issues/comments/${record.id}`,
    html_url: `${page}/${isPull ? "pull" : "issues"}/${record.number}#issuecomment-${record.id}`,
    issue_url: `${api}/issues/${record.number}`,
    id: record.id,
    node_id: nodeId("IssueComment", record.id),
    user: userAccountView(urls, user),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    author_association: associationOf(user),
    body: record.body,
    performed_via_github_app: null,
  };
}
