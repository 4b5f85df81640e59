import type { CommitStatusRecord, RepositoryRecord, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { userAccountView } from "./user.js";

interface StatusContext {
  readonly urls: Urls;
  readonly users: { readonly admin: UserRecord; userById(id: number): UserRecord };
}

/** A commit's status. */
export function statusView(context: StatusContext, repository: RepositoryRecord, status: CommitStatusRecord) {
  return { ...simpleStatusView(context, repository, status), creator: creatorView(context, status) };
}

/** A commit's status without the account that reported it, as the state of the whole commit shows it. */
export function simpleStatusView(context: StatusContext, repository: RepositoryRecord, status: CommitStatusRecord) {
  return {
    url: `${context.urls.repository(repository.name)}/statuses/${status.sha}`,
    avatar_url: creatorView(context, status).avatar_url,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

function creatorView({ urls, users }: StatusContext, { creator }: CommitStatusRecord) {
  return userAccountView(urls, creator === undefined ? users.admin : users.userById(creator));
}
