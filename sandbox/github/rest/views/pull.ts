import type { PullRecord, RepositoryRecord, State, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { commentCount } from "./conversation.js";
import { repositoryView } from "./repository.js";
import { accountView } from "./user.js";

interface PullContext {
  readonly urls: Urls;
  readonly state: State;
  /** The author and merger of all: the token's user. */
  readonly user: UserRecord;
}

/** Numbers about a pull request's commits. */
export interface PullSize {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A pull request as lists show it. */
export function pullSummary(context: PullContext, repository: RepositoryRecord, pull: PullRecord) {
  const { urls, user } = context;
  return {
    ...addressesOf(context, repository, pull),
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    active_lock_reason: pull.lockReason,
    title: pull.title,
    user: accountView(urls, user, "User"),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: branchView(context, repository, pull.head),
    base: branchView(context, repository, pull.base),
    author_association: "MEMBER",
    auto_merge: null,
    draft: pull.draft,
  };
}

/** The addresses of a pull request, and those below it and its issue: as fields, and again in `_links`. */
function addressesOf({ urls, state }: PullContext, repository: RepositoryRecord, { number, head }: PullRecord) {
  const api = urls.repository(repository.name);
  const url = `${api}/pulls/${number}`;
  const html = urls.page(`${state.organization.login}/${repository.name}/pull/${number}`);
  const issue = `${api}/issues/${number}`;
  const links = {
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${head.sha}`,
  };
  const asFields = Object.entries(links).map(([name, address]) => [`${name}_url`, address]);
  const asLinks = Object.entries({ self: url, html, ...links }).map(([name, href]) => [name, { href }]);
  return {
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    ...Object.fromEntries(asFields),
    _links: Object.fromEntries(asLinks),
  };
}

/** One side of a pull request: a branch of the repository, at a commit. */
function branchView({ urls, state }: PullContext, repository: RepositoryRecord, { ref, sha }: PullRecord["head"]) {
  return {
    label: `${state.organization.login}:${ref}`,
    ref,
    sha,
    user: accountView(urls, state.organization, "Organization"),
    repo: embeddedRepository({ urls, state }, repository),
  };
}

/** A repository inside a pull request, without the fields that GitHub leaves out there. */
function embeddedRepository(context: Pick<PullContext, "urls" | "state">, repository: RepositoryRecord) {
  const {
    organization: _,
    security_and_analysis: __,
    template_repository: ___,
    ...rest
  } = { template_repository: undefined, ...repositoryView(context, repository) };
  return rest;
}

/** A pull request in full. @param mergeable whether base and head can be merged without conflict; null when merged */
export function pullView(
  context: PullContext,
  repository: RepositoryRecord,
  pull: PullRecord,
  size: PullSize,
  mergeable: boolean | null,
) {
  const merged = pull.mergedAt !== null;
  return {
    ...pullSummary(context, repository, pull),
    merged,
    mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    merged_by: merged ? accountView(context.urls, context.user, "User") : null,
    comments: commentCount(repository, pull.number),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: size.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.changedFiles,
  };
}
