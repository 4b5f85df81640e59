import type { DeploymentRecord, DeploymentStatusRecord } from "../../state/conversation-records.js";
import type { RepositoryRecord, UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { userAccountView } from "./user.js";

interface DeploymentContext {
  readonly urls: Urls;
  readonly users: { userById(id: number): UserRecord };
}

/** A request to deploy a commit. */
export function deploymentView(
  { urls, users }: DeploymentContext,
  repository: RepositoryRecord,
  one: DeploymentRecord,
) {
  const api = urls.repository(repository.name);
  const url = `${api}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: nodeId("Deployment", one.id),
    task: one.task,
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: api,
    creator: userAccountView(urls, users.userById(one.creator)),
    sha: one.sha,
    ref: one.ref,
    payload: one.payload,
    transient_environment: one.transient,
    production_environment: one.production,
    performed_via_github_app: null,
  };
}

/** A status of a deployment. */
export function deploymentStatusView(
  { urls, users }: DeploymentContext,
  args: {
    readonly repository: RepositoryRecord;
    readonly deployment: DeploymentRecord;
    readonly status: DeploymentStatusRecord;
  },
) {
  const { repository, deployment, status } = args;
  const api = urls.repository(repository.name);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: userAccountView(urls, users.userById(status.creator)),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: api,
    performed_via_github_app: null,
  };
}
