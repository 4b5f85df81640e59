import type { State, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";

/** A user or organisation as other objects mention it. */
export function accountView(urls: Urls, account: { id: number; login: string }, type: "User" | "Bot" | "Organization") {
  const { login, id } = account;
  const api = urls.api(`users/${encodeURIComponent(login)}`);
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: urls.page(`avatars/${id}`),
    gravatar_id: "",
    url: api,
    html_url: urls.page(type === "Bot" ? `apps/${login.replace(/\[bot\]$/, "")}` : login),
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    site_admin: false,
    user_view_type: "public",
  };
}

/** A person or the account of an App, as other objects mention it. */
export function userAccountView(urls: Urls, user: UserRecord) {
  return accountView(urls, user, user.bot ? "Bot" : "User");
}

/** A user as they are shown to everybody. */
export function userView(urls: Urls, user: UserRecord) {
  return {
    ...accountView(urls, user, "User"),
    name: user.login,
    company: null,
    blog: null,
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

/** The organisation in full. */
export function organizationView(urls: Urls, state: State) {
  const { id, login, createdAt, basePermission } = state.organization;
  const api = urls.api(`orgs/${login}`);
  const open = state.repositories.filter(({ visibility }) => visibility === "public").length;
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: urls.page(`avatars/${id}`),
    description: null,
    name: login,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: open,
    total_private_repos: state.repositories.length - open,
    owned_private_repos: state.repositories.length - open,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: urls.page(login),
    type: "Organization",
    created_at: createdAt,
    updated_at: createdAt,
    archived_at: null,
    members_can_create_repositories: true,
    deploy_keys_enabled_for_repositories: true,
    default_repository_permission: basePermission,
  };
}
