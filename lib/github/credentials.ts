import { createPrivateKey, type KeyObject } from "node:crypto";
import type { Problem } from "../diagnostics/problem.js";

/** Variables of the process, as `process.env` has them. */
type Variables = Readonly<Record<string, string | undefined>>;

/** The credentials of a GitHub App on one account. */
export interface AppCredentials {
  /** Number or client ID of the App. */
  readonly appId: string;
  readonly installationId: number;
  readonly privateKey: KeyObject;
}

/** The credentials for GitHub: a token, or an App. Neither where nothing is set. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly app?: AppCredentials | undefined;
  /** Everything that is wrong with them. No problem repeats a value. */
  readonly problems: readonly Problem[];
}

/**
 * Variables of a GitHub App. GitHub's provider reads the same.
 * @see https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/provider.go getAppAuth
 */
const appVariables = ["GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID", "GITHUB_APP_PEM_FILE"] as const;

/** Whether an environment has the credentials of a GitHub App. GitHub's provider takes them only if all are set. */
export function hasApp(environment: Variables): boolean {
  return appVariables.every((name) => isSet(environment[name]));
}

/** Whether an environment has credentials for GitHub. They may be wrong. */
export function hasCredentials(environment: Variables): boolean {
  return isSet(environment.GITHUB_TOKEN) || hasApp(environment);
}

/** The variable that holds the credentials, for messages. */
export function credentialVariable(environment: Variables): "GITHUB_APP_ID" | "GITHUB_TOKEN" {
  return hasApp(environment) ? "GITHUB_APP_ID" : "GITHUB_TOKEN";
}

/** An environment with a token in place of all other credentials. */
export function withToken(environment: Variables, token: string): Variables {
  const none = Object.fromEntries(appVariables.map((name) => [name, undefined]));
  return { ...environment, ...none, GITHUB_TOKEN: token };
}

/** Reads the credentials for GitHub from the environment. */
export function readCredentials(environment: Variables): Credentials {
  const { GITHUB_TOKEN: token } = environment;
  if (!hasApp(environment)) return isSet(token) ? { token, problems: [] } : { problems: partialProblems(environment) };
  if (isSet(token)) {
    const message = `is set, as are ${appVariables.slice(1).join(" and ")}, so GitHub's provider would not use GITHUB_TOKEN`;
    return {
      problems: [problem("GITHUB_APP_ID", message, "Unset GITHUB_TOKEN to act as the App, or unset these three")],
    };
  }
  return readApp(environment);
}

/** Problems of an App of which only a part is set. */
function partialProblems(environment: Variables): Problem[] {
  const given = appVariables.filter((name) => isSet(environment[name]));
  if (given.length === 0) return [];
  const missing = appVariables.filter((name) => !given.includes(name));
  const fix = "A GitHub App needs all three variables: docs/day-two/keys-and-tokens.md#github-app";
  return missing.map((name) => problem(name, `is not set, and ${given.join(" and ")} is`, fix));
}

function readApp(environment: Variables): Credentials {
  const { GITHUB_APP_ID: appId = "", GITHUB_APP_INSTALLATION_ID: installation = "" } = environment;
  const key = readKey(environment.GITHUB_APP_PEM_FILE ?? "");
  const problems = [
    ...(/^(\d+|Iv[\w.]+)$/.test(appId)
      ? []
      : [problem("GITHUB_APP_ID", "is no number and no client ID", "Copy the App ID from the App's settings")]),
    ...(/^\d{1,15}$/.test(installation)
      ? []
      : [
          problem(
            "GITHUB_APP_INSTALLATION_ID",
            "is no number",
            "Copy the number at the end of the installation's address, …/settings/installations/NUMBER",
          ),
        ]),
    ...("problem" in key ? [key.problem] : []),
  ];
  if (problems.length > 0 || "problem" in key) return { problems };
  return { app: { appId, installationId: Number(installation), privateKey: key.key }, problems };
}

/** GitHub gives RSA keys only. The provider replaces `\n` by line breaks, because some systems keep variables on one line. */
function readKey(given: string): { readonly key: KeyObject } | { readonly problem: Problem } {
  const path = "GITHUB_APP_PEM_FILE";
  const text = given.replaceAll("\\n", "\n");
  if (!text.includes("-----BEGIN ")) {
    const fix = 'Set it to the content of the file, not to its path: export GITHUB_APP_PEM_FILE="$(cat KEY.pem)"';
    return { problem: problem(path, "holds no private key", fix) };
  }
  const fix = "Set it to a private key that was generated in the App's settings, with all its lines";
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "rsa") return { key };
    return { problem: problem(path, "holds a key that is no RSA key", fix) };
  } catch {
    // The reason could repeat a part of the key.
    return { problem: problem(path, "holds a private key that cannot be read", fix) };
  }
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}

function problem(path: string, message: string, fix: string): Problem {
  return { file: "environment", path, message, fix };
}
