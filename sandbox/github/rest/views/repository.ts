import type { RepositoryRecord, State } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { accountView } from "./user.js";

/** Fields that every repository of the emulator has in common. */
interface RepositoryContext {
  readonly urls: Urls;
  readonly state: State;
}

/** Addresses of what belongs to a repository, under the field names of the REST API. */
function addresses(urls: Urls, name: string) {
  const url = urls.repository(name);
  const at = (path: string): string => `${url}/${path}`;
  return {
    url,
    archive_url: at("{archive_format}{/ref}"),
    assignees_url: at("assignees{/user}"),
    blobs_url: at("git/blobs{/sha}"),
    branches_url: at("branches{/branch}"),
    collaborators_url: at("collaborators{/collaborator}"),
    comments_url: at("comments{/number}"),
    commits_url: at("commits{/sha}"),
    compare_url: at("compare/{base}...{head}"),
    contents_url: at("contents/{+path}"),
    contributors_url: at("contributors"),
    deployments_url: at("deployments"),
    downloads_url: at("downloads"),
    events_url: at("events"),
    forks_url: at("forks"),
    git_commits_url: at("git/commits{/sha}"),
    git_refs_url: at("git/refs{/sha}"),
    git_tags_url: at("git/tags{/sha}"),
    hooks_url: at("hooks"),
    issue_comment_url: at("issues/comments{/number}"),
    issue_events_url: at("issues/events{/number}"),
    issues_url: at("issues{/number}"),
    keys_url: at("keys{/key_id}"),
    labels_url: at("labels{/name}"),
    languages_url: at("languages"),
    merges_url: at("merges"),
    milestones_url: at("milestones{/number}"),
    notifications_url: at("notifications{?since,all,participating}"),
    pulls_url: at("pulls{/number}"),
    releases_url: at("releases{/id}"),
    stargazers_url: at("stargazers"),
    statuses_url: at("statuses/{sha}"),
    subscribers_url: at("subscribers"),
    subscription_url: at("subscription"),
    tags_url: at("tags"),
    teams_url: at("teams"),
    trees_url: at("git/trees{/sha}"),
    git_url: urls.git(name),
    ssh_url: urls.ssh(name),
    clone_url: urls.clone(name),
    svn_url: urls.page(`${owned(url)}/${name}`),
    mirror_url: null,
  };
}

/** The owner's part of a repository's address. */
function owned(url: string): string {
  return url.split("/").at(-2) ?? "";
}

/** A repository as lists show it. Sizes, languages, stars and the like are not measured: 0 or null. */
export function minimalRepositoryView({ urls, state }: RepositoryContext, repository: RepositoryRecord) {
  const { organization } = state;
  const { settings } = repository;
  const open = [...repository.issues, ...repository.pulls].filter(({ state }) => state === "open").length;
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${organization.login}/${repository.name}`,
    private: repository.visibility !== "public",
    owner: accountView(urls, organization, "Organization"),
    html_url: urls.page(`${organization.login}/${repository.name}`),
    description: repository.description,
    fork: false,
    ...addresses(urls, repository.name),
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    homepage: repository.homepage,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: settings.has_issues,
    has_projects: settings.has_projects,
    has_downloads: settings.has_downloads,
    has_wiki: settings.has_wiki,
    has_pages: false,
    has_discussions: settings.has_discussions,
    forks_count: 0,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: settings.allow_forking,
    is_template: settings.is_template,
    web_commit_signoff_required: settings.web_commit_signoff_required,
    topics: repository.topics,
    visibility: repository.visibility,
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    delete_branch_on_merge: settings.delete_branch_on_merge,
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
    security_and_analysis: Object.fromEntries(
      Object.entries(repository.security).map(([feature, status]) => [feature, { status }]),
    ),
  };
}

/** Fields that only the view of a single repository has. */
function details({ urls, state }: RepositoryContext, repository: RepositoryRecord) {
  const { settings } = repository;
  return {
    allow_squash_merge: settings.allow_squash_merge,
    allow_merge_commit: settings.allow_merge_commit,
    allow_rebase_merge: settings.allow_rebase_merge,
    allow_auto_merge: settings.allow_auto_merge,
    allow_update_branch: settings.allow_update_branch,
    use_squash_pr_title_as_default: settings.use_squash_pr_title_as_default,
    squash_merge_commit_message: settings.squash_merge_commit_message,
    squash_merge_commit_title: settings.squash_merge_commit_title,
    merge_commit_message: settings.merge_commit_message,
    merge_commit_title: settings.merge_commit_title,
    organization: accountView(urls, state.organization, "Organization"),
    network_count: 0,
    subscribers_count: 0,
  };
}

/** A repository in full. */
export function repositoryView(context: RepositoryContext, repository: RepositoryRecord) {
  const template = context.state.repositories.find(({ id }) => id === repository.template);
  return {
    ...minimalRepositoryView(context, repository),
    ...details(context, repository),
    ...(template === undefined ? {} : { template_repository: templateView(context, template) }),
  };
}

/** The template that a repository came from. */
function templateView(context: RepositoryContext, template: RepositoryRecord) {
  const {
    security_and_analysis: _,
    organization: __,
    ...view
  } = {
    ...minimalRepositoryView(context, template),
    ...details(context, template),
  };
  return view;
}
