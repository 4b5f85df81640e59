import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { type Failure, failureOf } from "../../lib/github/failure.js";
import { NoInstallationToken } from "../../lib/github/installation-tokens.js";

/** The purpose of a request, for its errors. */
export interface Purpose {
  /** `write the comment on acme/fleet#12`. */
  readonly action: string;
  /** Permission on the repository that the request needs, as GitHub's pages name it: `Pull requests: write`. */
  readonly permission: string;
  /** The variable with the credentials of the request. @default GITHUB_TOKEN */
  readonly variable?: "GITHUB_APP_ID" | "GITHUB_TOKEN";
}

/** GitHub failed, or did not answer. It may have done what it was asked for. */
export class LostAnswer extends FleetError {}

/** Whether a request failed with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof Error && "status" in error && statuses.some((status) => status === error.status);
}

/** Handles the error of a request whose status means that there is nothing. */
export function undefinedIf(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (hasStatus(error, ...statuses)) return undefined;
    throw error;
  };
}

/** The error for people of a failed request: what GitHub did not do, its words, and the remedy. */
export function explainFailure(error: unknown, purpose: Purpose): FleetError {
  const failure = failureOf(error);
  const { status, message } = failure;
  const did = `GitHub did not ${purpose.action}: ${message}`;
  if (error instanceof NoInstallationToken) {
    return fleetError("environment", "GITHUB_APP_ID", did, "Run npx fleet doctor, which names the reason");
  }
  const token = (remedy: string) => fleetError("environment", purpose.variable ?? "GITHUB_TOKEN", did, remedy);
  if (status === 401) return token("Set it to a token that is valid and has not ended");
  if (isRateLimit(failure)) {
    return fleetError("GitHub", "", `${did} (${limitEnd(failure)})`, "Run the command again after that");
  }
  if (/\blocked\b/i.test(message)) return fleetError("GitHub", "", did, "Unlock the conversation, then run it again");
  if (/\barchived\b/i.test(message)) return fleetError("GitHub", "", did, "Unarchive the repository, or name another");
  if (status === 403) return token(missingPermission(failure, purpose));
  if (status === 404) {
    return token(`Check the name, and that the token reads the repository (${purpose.permission})`);
  }
  if (status < 500) return fleetError("GitHub", "", did, "Mend the reason, then run the command again");
  const fix = "Check that GitHub answers, then run the command again. It writes nothing twice";
  return new LostAnswer([{ file: "GitHub", path: "", message: did, fix }]);
}

function isRateLimit({ status, message, headers }: Failure): boolean {
  if (status !== 403 && status !== 429) return false;
  return status === 429 || String(headers["x-ratelimit-remaining"]) === "0" || /rate limit/i.test(message);
}

function limitEnd({ headers }: Failure): string {
  const { "retry-after": after, "x-ratelimit-reset": reset, "x-ratelimit-remaining": remaining } = headers;
  if (after !== undefined) return `it asks to wait ${after} s`;
  if (String(remaining) !== "0" || !Number.isFinite(Number(reset))) return "it asks to wait some minutes";
  return `the limit is reset at ${new Date(Number(reset) * 1000).toISOString()}`;
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible */
function missingPermission({ headers, message }: Failure, { permission }: Purpose): string {
  const accepted = headers["x-accepted-github-permissions"];
  const named = accepted === undefined ? "" : `, GitHub names ${accepted}`;
  const needed = `The token needs the repository permission "${permission}" (classic: the scope repo${named})`;
  if (!/by integration/i.test(message)) return needed;
  return `${needed}. A GitHub App has it by its settings. A workflow gives it by "permissions:"; a workflow of a fork's pull request never has it`;
}
