import { delimiter, join } from "node:path";
import { isRunning, readRecord } from "../daemon/record.js";
import { engineVariables, isEmptyStack } from "../engine/engine.js";
import { SandboxError } from "../lib/sandbox-error.js";
import { readSecrets, type Secrets } from "../state/secrets.js";
import { checkout, checkStackName, environmentDaemon, githubDaemon, statePaths } from "../state/state-directory.js";
import { organisation } from "./up.js";

/** Whose variables are wanted, and what they are added to. */
export interface EnvironmentOptions {
  /** Stack whose environment it is. */
  readonly stack: string;
  /** Where the sandbox keeps everything. */
  readonly stateDirectory: string;
  /** Environment that the answer is made for: its PATH and its exceptions from proxies are kept. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The variables by which plain `pulumi`, `kubectl`, `flux` and `git` work on one environment of the sandbox. They hold
 * secrets.
 * @throws SandboxError when that environment does not run
 */
export async function sandboxEnvironment(options: EnvironmentOptions): Promise<Record<string, string>> {
  const stack = checkStackName(options.stack);
  const paths = statePaths(options.stateDirectory);
  const [github, cluster, secrets] = await Promise.all([
    readRecord(paths, githubDaemon),
    readRecord(paths, environmentDaemon(stack)),
    readSecrets(paths),
  ]);
  if (
    github === undefined ||
    github === "damaged" ||
    github.kind !== "github" ||
    github.github === undefined ||
    !isRunning(github) ||
    cluster === undefined ||
    cluster === "damaged" ||
    cluster.kind !== "environment" ||
    cluster.environment === undefined ||
    !isRunning(cluster) ||
    secrets === undefined
  ) {
    throw new SandboxError(
      `The sandbox for ${stack} does not run (its state directory is ${paths.directory}).`,
      `start it with \`npx fleet sandbox up ${stack}\`.`,
    );
  }
  const { toolchain } = cluster;
  const before = options.environment;
  return {
    KUBECONFIG: cluster.environment.kubeconfig,
    GITHUB_TOKEN: secrets.githubToken,
    GITHUB_OWNER: organisation,
    GITHUB_BASE_URL: github.github.url,
    FLEET_MANIFESTS: toolchain.manifests,
    FLEET_SANDBOX_DIR: paths.directory,
    // fleet:webhookUrl needs this value for GitHub's webhooks to reach this cluster.
    FLEET_WEBHOOK_URL: cluster.environment.receiverUrl,
    ...engineVariables(paths, secrets),
    // The engine takes it for the selected stack, so that `pulumi up` alone means this one.
    PULUMI_STACK: stack,
    ...gitVariables(github.github.url, secrets),
    // git and the controllers must not ask a proxy for loopback addresses.
    NO_PROXY: withLoopback(before.NO_PROXY ?? before.no_proxy),
    no_proxy: withLoopback(before.no_proxy ?? before.NO_PROXY),
    PATH: withFirst([paths.bin, toolchain.bin, join(checkout, "node_modules", ".bin")], before.PATH),
  };
}

/**
 * Git's settings for the emulator: the token goes with every request to it and to nothing else, and is in no URL, where
 * `git remote -v` and error messages would show it. Git never prompts for a password.
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
 */
function gitVariables(url: string, { githubToken }: Secrets): Record<string, string> {
  const credentials = Buffer.from(`x-access-token:${githubToken}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
    GIT_TERMINAL_PROMPT: "0",
  };
}

function withLoopback(list: string | undefined): string {
  const entries = (list ?? "").split(",").filter((entry) => entry.trim() !== "");
  return [...new Set([...entries, "127.0.0.1", "localhost"])].join(",");
}

/** PATH with some directories first and once, so that evaluating the answer again does not make it grow. */
function withFirst(directories: readonly string[], path: string | undefined): string {
  const others = (path ?? "").split(delimiter).filter((entry) => !directories.includes(entry));
  return [...directories, ...others].join(delimiter);
}

/** Whether the state of a stack has no resource, as before its first update. */
export function hasNoState({ stack, stateDirectory }: Omit<EnvironmentOptions, "environment">): Promise<boolean> {
  return isEmptyStack(statePaths(stateDirectory), checkStackName(stack));
}
