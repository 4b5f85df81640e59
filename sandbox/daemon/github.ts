import { startGitHub } from "../github/github.js";
import { SandboxError } from "../lib/sandbox-error.js";
import { readSecrets } from "../state/secrets.js";
import { statePaths } from "../state/state-directory.js";
import type { Hosted } from "./host.js";
import type { GitHubRecord } from "./record.js";
import type { GitHubSpec } from "./spec.js";

/** Hosts the GitHub emulator, which takes the ports of its last run when they are free. */
export async function hostGitHub(spec: GitHubSpec): Promise<Hosted<Pick<GitHubRecord, "github">>> {
  const paths = statePaths(spec.stateDirectory);
  const secrets = await readSecrets(paths);
  if (secrets === undefined) {
    throw new SandboxError(`${paths.secrets} is missing.`, "start the sandbox with `npx fleet sandbox up`.");
  }
  const github = await startGitHub({ dir: paths.github, owner: spec.organisation, token: secrets.githubToken });
  const { url, port, sshPort } = github;
  return { details: { github: { url, port, sshPort } }, stop: () => github.stop() };
}
