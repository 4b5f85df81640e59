import { existsSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { gitHubServer } from "../../lib/github/base-url.js";
import { hasApp, hasCredentials, readCredentials } from "../../lib/github/credentials.js";
import { parseUrl } from "../../lib/network/parse-url.js";
import { PROXY_VARIABLES, proxyUrl } from "../../lib/network/proxy.js";
import { gitHubOwner } from "../rules/names.js";
import { type Check, refuse, ruleOf, type Violation } from "../rules/rule.js";
import { isLoopback, isUrl } from "../rules/web-address.js";
import { readConnection } from "./kubeconfig/connection.js";
import { attempt, kubeconfigFix } from "./kubeconfig/files.js";

/** Variables of the process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Everything that is wrong with the credentials and addresses in the environment. No problem repeats a value: it
 * could be a secret, or have one in it.
 */
export function environmentProblems(environment: Environment): Problem[] {
  return [...gitHubProblems(environment), ...kubeconfigProblems(environment)];
}

const credentialsFix =
  "Set the environment variable to a token that may administer the organisation's repositories, or set those of a GitHub App";

/**
 * Everything that is wrong with the variables that lead to GitHub, and with its credentials.
 * @param fix remedy without credentials
 */
export function gitHubProblems(environment: Environment, fix = credentialsFix): Problem[] {
  const { problems } = readCredentials(environment);
  const missing = hasCredentials(environment) || problems.length > 0 ? undefined : { message: "is not set", fix };
  return [
    ...problems,
    ...(hasApp(environment) ? [] : problemsOf(environment, "GITHUB_TOKEN", checkToken, missing)),
    ...problemsOf(environment, "GITHUB_BASE_URL", checkBaseUrl),
    ...proxyProblems(environment),
  ];
}

/** Everything that is wrong with the variables that name a proxy. */
export function proxyProblems(environment: Environment): Problem[] {
  return PROXY_VARIABLES.flatMap((name) => problemsOf(environment, name, checkProxy));
}

/** The GitHub owner, from the environment or `fleet:githubOwner`. */
export function readGitHubOwner(args: {
  readonly environment: Environment;
  readonly configured: string | undefined;
  readonly stackFile: string;
}) {
  const { environment, configured, stackFile } = args;
  const missing = {
    message: "is not set, and neither is fleet:githubOwner",
    fix: `Set the environment variable to the GitHub organisation, or fleet:githubOwner in ${stackFile}`,
  };
  const { check } = ruleOf(gitHubOwner, (given) => {
    // GitHub's names differ by more than case.
    if (configured === undefined || given.toLowerCase() === configured.toLowerCase()) return undefined;
    const fix = "Unset the one that is wrong: repositories of two owners must not be mixed";
    return { message: `differs from fleet:githubOwner in ${stackFile}`, fix };
  });
  const owner = configured ?? valueIn(environment, "GITHUB_OWNER");
  const problems = [
    ...problemsOf(environment, "GITHUB_OWNER", check, configured === undefined ? missing : undefined),
    ...problemsOf(environment, "GITHUB_ORGANIZATION", (given) => {
      if (owner === undefined || given.toLowerCase() === owner.toLowerCase()) return undefined;
      const message = "differs from the owner of the stack, and GitHub's provider prefers it";
      return { message, fix: "Unset it" };
    }),
  ];
  return { owner: problems.length === 0 ? owner : undefined, problems };
}

/**
 * Host of GitHub's pages, with its port if it is not the usual one. {@link environmentProblems} reports a text that is
 * no URL.
 */
export function gitHubHost(environment: Environment): string {
  const base = valueIn(environment, "GITHUB_BASE_URL");
  return gitHubServer(base !== undefined && parseUrl(base) !== undefined ? base : undefined).host;
}

const checkToken = refuse(/[\s\p{Cc}]/u, "contains white space", "Set it to the token alone, without line break");

/**
 * A token sent over http is a token given away; only on the machine itself it is safe. The URL is that of GitHub
 * Enterprise Server or of the sandbox; for github.com none is needed.
 */
const checkBaseUrl: Check = (value) => {
  if (!isUrl(value)) return { message: "is not a URL", fix: "Write it like https://github.example.com/" };
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol)) return { message: `is a ${url.protocol} URL`, fix: "Use https" };
  if (url.protocol === "http:" && !isLoopback(url)) {
    return { message: "is an http URL, which would show the token to everybody on the way", fix: "Use https" };
  }
  if (url.username !== "" || url.password !== "") {
    return { message: "contains credentials", fix: "Put the token into GITHUB_TOKEN, and nothing of it into the URL" };
  }
  if (url.search !== "" || url.hash !== "") return { message: "contains a ? or #", fix: "End it with the path" };
  if (value !== url.origin && !value.startsWith(`${url.origin}/`)) {
    // GitHub's provider compares the text, and would take such a github.com for an Enterprise Server.
    return { message: "is not in its plain form", fix: "Write the host in lower case, without the usual port" };
  }
  if (!gitHubServer(value).enterpriseServer && url.pathname !== "/") {
    return { message: "has a path, and github.com and ghe.com have none", fix: "End it with the host" };
  }
  return undefined;
};

/** The address of a proxy. Go, and so the providers, takes no proxy at all when it cannot read the address. */
const checkProxy: Check = (value) => {
  const example = "Write it like http://proxy.example.com:3128";
  const url = attempt(() => proxyUrl(value));
  if (!("value" in url) || url.value.hostname === "") return { message: "is not a URL", fix: example };
  if (/^(https?|socks5):$/.test(url.value.protocol)) return undefined;
  return { message: "is not the URL of an http, https or socks5 proxy", fix: example };
};

/**
 * Without KUBECONFIG the machine's current context would decide, and on a bare cluster no label says that it is the wrong
 * one. Only where no kubeconfig can lead elsewhere, in a pod of the cluster itself, the pod's own account may serve.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#the-kubeconfig-environment-variable
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api KUBERNETES_SERVICE_HOST
 */
function kubeconfigProblems(environment: Environment): readonly Problem[] {
  const list = valueIn(environment, "KUBECONFIG");
  if (list !== undefined) {
    const read = readConnection(list, environment.PATH ?? "");
    return "problems" in read ? read.problems : [];
  }
  if (inPod(environment)) return [];
  const message = "is not set, so the machine's current context would decide which cluster this is";
  return [{ file: "environment", path: "KUBECONFIG", message, fix: kubeconfigFix }];
}

/** Whether clients end up with the account of the pod that this runs in; a kubeconfig in the home folder goes first. */
function inPod(environment: Environment): boolean {
  if (valueIn(environment, "KUBERNETES_SERVICE_HOST") === undefined) return false;
  const home = valueIn(environment, "HOME");
  return home === undefined || !existsSync(path.join(home, ".kube", "config"));
}

/** A variable's value; one that is empty counts as not set. */
function valueIn(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** @param missing the fault of a variable that is not set. @default - it need not be */
function problemsOf(environment: Environment, name: string, check: Check, missing?: Violation): Problem[] {
  const value = valueIn(environment, name);
  const violation = value === undefined ? missing : check(value);
  return violation === undefined ? [] : [{ file: "environment", path: name, ...violation }];
}
