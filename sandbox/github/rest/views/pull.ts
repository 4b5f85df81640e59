import type { PullRecord, RepositoryRecord, State, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
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
export function pullSummary({ urls, state, user }: PullContext, repository: RepositoryRecord, pull: PullRecord) {
  const api = urls.repository(repository.name);
  const { login } = state.organization;
  const url = `${api}/pulls/${pull.number}`;
  const html = urls.page(`${login}/${repository.name}/pull/${pull.number}`);
  const links = linksOf(api, pull);
  const repo = embeddedRepository({ urls, state }, repository);
  const side = ({ ref, sha }: PullRecord["head"]) => ({
    label: `${login}:${ref}`,
    ref,
    sha,
    user: accountView(urls, state.organization, "Organization"),
    repo,
  });
  return {
    url,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    ...links,
    number: pull.number,
    state: pull.state,
    locked: false,
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
    head: side(pull.head),
    base: side(pull.base),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: links.issue_url },
      comments: { href: links.comments_url },
      review_comments: { href: links.review_comments_url },
      review_comment: { href: links.review_comment_url },
      commits: { href: links.commits_url },
      statuses: { href: links.statuses_url },
    },
    author_association: "MEMBER",
    auto_merge: null,
    draft: pull.draft,
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

/** The addresses below a pull request and its issue. @param api the repository's address */
function linksOf(api: string, { number, head }: PullRecord) {
  const issue = `${api}/issues/${number}`;
  return {
    comments_url: `${issue}/comments`,
    commits_url: `${api}/pulls/${number}/commits`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    review_comments_url: `${api}/pulls/${number}/comments`,
    statuses_url: `${api}/statuses/${head.sha}`,
    issue_url: issue,
  };
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
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: size.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.changedFiles,
  };
}
