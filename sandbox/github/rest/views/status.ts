import type { CommitStatusRecord, RepositoryRecord, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { accountView } from "./user.js";

/** A commit's status. @param context.creator the author of all statuses: the token's user */
export function statusView(
  context: { readonly urls: Urls; readonly creator: UserRecord },
  repository: RepositoryRecord,
  status: CommitStatusRecord,
) {
  const creator = accountView(context.urls, context.creator, "User");
  return {
    url: `${context.urls.repository(repository.name)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}
