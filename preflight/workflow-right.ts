import type { FleetSpec } from "../config/fleet-spec.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { StackState, StateIndex } from "../lib/state/stack-state.js";
import { workflowFiles } from "../policies/workflow-files.js";
import type { Organisation } from "./github.js";

/** Whether the token may write the workflows that an update writes. */
interface WorkflowRight {
  readonly problems: readonly Problem[];
  /** Sentences for the user: GitHub does not tell the rights of the token. */
  readonly notes: readonly string[];
}

interface WorkflowRightArgs {
  /** Scopes of the token. Undefined when it is not a classic one, and when GitHub did not answer. */
  readonly organisation: Pick<Organisation, "scopes">;
  readonly state: Pick<StateIndex, "managed">;
  readonly stackState: StackState;
  /** Whether the program acts as a GitHub App, whose permissions are checked by `checkInstallation`. */
  readonly usesApp: boolean;
}

const fileType = "github:index/repositoryFile:RepositoryFile";

/**
 * Whether the token may write the workflows that the update creates or changes. GitHub answers 404 to a classic token
 * without the scope `workflow`, and 403 to another one without the permission, in the middle of the update. The scopes
 * come with each answer, so this costs no request. No endpoint tells the permissions of the other tokens.
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps#available-scopes
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export function workflowRight(spec: FleetSpec, args: WorkflowRightArgs): WorkflowRight {
  const { organisation, state, stackState, usesApp } = args;
  const written = writtenFiles(stackState);
  const files = workflowFiles(spec, state.managed).filter(({ repository, path, content }) => {
    return written.get(keyOf(repository, path)) !== content;
  });
  const { scopes } = organisation;
  if (files.length === 0 || usesApp || scopes?.includes("workflow")) return { problems: [], notes: [] };
  const { owner } = spec.github;
  const names = files.map(({ repository, path }) => `${path} of ${owner}/${repository}`).join(", ");
  if (scopes === undefined) {
    const note = `This update writes workflows: ${names}. GitHub does not tell whether the token may: it needs the permission Workflows: write.`;
    return { problems: [], notes: [note] };
  }
  const settings = [...new Set(files.map(({ setting }) => setting))].join(" and ");
  const message = `lacks the scope workflow, so GitHub would refuse workflows in the middle of the update: ${names}`;
  const fix = `Add the scope workflow to the token, or remove ${settings}`;
  return { problems: [{ file: "environment", path: "GITHUB_TOKEN", message, fix }], notes: [] };
}

/** The contents of files in the state, by repository and path. */
function writtenFiles(stackState: StackState): ReadonlyMap<string, unknown> {
  const files = Object.values(stackState).filter(({ type }) => type === fileType);
  return new Map(
    files.map(({ outputs }) => [keyOf(String(outputs.repository), String(outputs.file)), outputs.content]),
  );
}

function keyOf(repository: string, path: string): string {
  return `${repository.toLowerCase()}/${path}`;
}
