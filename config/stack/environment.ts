import { existsSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { gitHubOwner } from "../rules/names.js";
import { isLoopback, isUrl } from "../rules/web-address.js";

/** Variables of the process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where problems of environment variables say they are. */
const file = "environment";

/**
 * Everything that is wrong with the credentials and addresses in the environment. No problem repeats a value: it
 * could be a secret, or have one in it.
 */
export function environmentProblems(environment: Environment): Problem[] {
  return [...tokenProblems(environment), ...baseUrlProblems(environment), ...kubeconfigProblems(environment)];
}

/**
 * The GitHub owner, from configuration or environment.
 *
 * @param configured `fleet:githubOwner` @default - not set
 */
export function readGitHubOwner(args: {
  readonly environment: Environment;
  readonly configured: string | undefined;
  readonly stackFile: string;
}): { readonly owner: string | undefined; readonly problems: readonly Problem[] } {
  const { configured, stackFile } = args;
  const given = set(args.environment, "GITHUB_OWNER");
  if (given === undefined && configured === undefined) {
    return {
      owner: undefined,
      problems: [
        {
          file,
          path: "GITHUB_OWNER",
          message: "is not set, and neither is fleet:githubOwner",
          fix: `Set the environment variable to the GitHub organisation, or fleet:githubOwner in ${stackFile}`,
        },
      ],
    };
  }
  const violation = given === undefined ? undefined : gitHubOwner.check(given);
  if (violation) return { owner: undefined, problems: [{ file, path: "GITHUB_OWNER", ...violation }] };
  // GitHub's names differ by more than case.
  if (given !== undefined && configured !== undefined && given.toLowerCase() !== configured.toLowerCase()) {
    return {
      owner: undefined,
      problems: [
        {
          file,
          path: "GITHUB_OWNER",
          message: `differs from fleet:githubOwner in ${stackFile}`,
          fix: "Unset the one that is wrong: repositories of two owners must not be mixed",
        },
      ],
    };
  }
  return { owner: configured ?? given, problems: [] };
}

/**
 * Host of GitHub's pages, with its port if it is not the usual one: that of `GITHUB_BASE_URL`, or github.com, whose API
 * alone has a host of its own. What is no URL is among {@link environmentProblems}.
 */
export function gitHubHost(environment: Environment): string {
  const base = set(environment, "GITHUB_BASE_URL");
  const host = base !== undefined && URL.canParse(base) ? new URL(base).host : "github.com";
  return host === "api.github.com" ? "github.com" : host;
}

function tokenProblems(environment: Environment): Problem[] {
  const path = "GITHUB_TOKEN";
  const token = set(environment, path);
  if (token === undefined) {
    const fix = "Set the environment variable to a token that may administer the organisation's repositories";
    return [{ file, path, message: "is not set", fix }];
  }
  if (!/[\s\p{Cc}]/u.test(token)) return [];
  return [{ file, path, message: "contains white space", fix: "Set it to the token alone, without line break" }];
}

/**
 * A token sent over http is a token given away; only on the machine itself it is safe. The URL is that of GitHub
 * Enterprise Server or of the sandbox; for github.com none is needed.
 */
function baseUrlProblems(environment: Environment): Problem[] {
  const path = "GITHUB_BASE_URL";
  const text = set(environment, path);
  if (text === undefined) return [];
  const problem = (message: string, fix: string): Problem[] => [{ file, path, message, fix }];
  if (!isUrl(text)) return problem("is not a URL", "Write it like https://github.example.com/");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return problem(`is a ${url.protocol} URL`, "Use https");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return problem("is an http URL, which would show the token to everybody on the way", "Use https");
  }
  if (url.username !== "" || url.password !== "") {
    return problem("contains credentials", "Put the token into GITHUB_TOKEN, and nothing of it into the URL");
  }
  if (url.search !== "" || url.hash !== "") return problem("contains a ? or #", "End it with the path");
  return [];
}

/**
 * Without KUBECONFIG the machine's current context would decide, and on a bare cluster no label says that it is the wrong
 * one. Only where no kubeconfig can lead elsewhere, in a pod of the cluster itself, the pod's own account may serve.
 *
 * Set to nothing that exists, kubectl's rules would lead to an empty configuration and from there to some other cluster
 * or none.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#the-kubeconfig-environment-variable
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api KUBERNETES_SERVICE_HOST
 */
function kubeconfigProblems(environment: Environment): Problem[] {
  const list = set(environment, "KUBECONFIG");
  if (list === undefined) {
    if (inPod(environment)) return [];
    const message = "is not set, so the machine's current context would decide which cluster this is";
    return [{ file, path: "KUBECONFIG", message, fix: kubeconfigFix }];
  }
  const files = list.split(path.delimiter).filter((name) => name !== "");
  if (files.some((name) => existsSync(name))) return [];
  return [
    {
      file,
      path: "KUBECONFIG",
      message: files.length === 1 ? "names a file that does not exist" : "names only files that do not exist",
      fix: kubeconfigFix,
    },
  ];
}

const kubeconfigFix = "Set the environment variable to the kubeconfig of the stack's cluster";

/** Whether clients end up with the account of the pod that this runs in; a kubeconfig in the home folder goes first. */
function inPod(environment: Environment): boolean {
  if (set(environment, "KUBERNETES_SERVICE_HOST") === undefined) return false;
  const home = set(environment, "HOME");
  return home === undefined || !existsSync(path.join(home, ".kube", "config"));
}

/** A variable's value; one that is empty counts as not set. */
function set(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
