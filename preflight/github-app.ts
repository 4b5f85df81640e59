import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { FleetError, type Problem } from "../lib/diagnostics/problem.js";
import { appClient } from "../lib/github/client.js";
import { type AppCredentials, readCredentials } from "../lib/github/credentials.js";
import { sameName } from "../lib/github/existing.js";
import { failureOf } from "../lib/github/failure.js";
import { type NeededPermission, neededPermissions } from "./needed-permissions.js";

const levels = ["read", "write", "admin"];
const installation = z.object({
  app_id: z.number(),
  account: z.object({ login: z.string() }).nullable(),
  permissions: z.record(z.string(), z.string()),
  repository_selection: z.string(),
  suspended_at: z.string().nullish(),
});
const answered = z.object({ data: installation, headers: z.record(z.string(), z.unknown()) });

/** The installation of a GitHub App, as GitHub shows it to the App. */
export interface Installation {
  /** Number of the App. */
  readonly appId: number;
  /** Login of the account that it is installed on. */
  readonly account: string;
  /** `{administration: "write"}`. */
  readonly permissions: Readonly<Record<string, string>>;
  /** Whether it covers every repository of the account, and not some alone. */
  readonly coversAll: boolean;
  readonly isSuspended: boolean;
  /** GitHub's time, as in the header `date`. */
  readonly date: string | undefined;
}

/**
 * The installation of the environment's App, with one request.
 * @param now milliseconds since 1970
 * @throws FleetError when GitHub does not know the App, its key or the installation, or refuses the time of this machine
 * @see https://docs.github.com/en/rest/apps/apps#get-an-installation-for-the-authenticated-app
 */
export async function readInstallation(
  environment: Environment,
  app: AppCredentials,
  now: number,
): Promise<Installation> {
  const client = appClient(environment, app, now);
  const route = "GET /app/installations/{installation_id}";
  const answer = await client.request(route, { installation_id: app.installationId }).catch((error: unknown) => {
    throw new FleetError([refusedApp(error, now)]);
  });
  const parsed = answered.safeParse(answer);
  if (!parsed.success) {
    const message = "GitHub did not show the App's installation: the answer is not that of GitHub's REST API";
    throw new FleetError([problem("GITHUB_APP_ID", message, "Check GITHUB_BASE_URL and the proxy")]);
  }
  const { data, headers } = parsed.data;
  return {
    appId: data.app_id,
    account: data.account?.login ?? "",
    permissions: data.permissions,
    coversAll: data.repository_selection === "all",
    isSuspended: typeof data.suspended_at === "string",
    date: typeof headers.date === "string" ? headers.date : undefined,
  };
}

/** The reason why GitHub does not show an installation. It checks the time of the JWT first, then its key and the App. */
function refusedApp(error: unknown, now: number): Problem {
  const { status, message, headers } = failureOf(error);
  const said = `GitHub did not show the App's installation: ${message}`;
  if (status === 401 && /'(Issued at|Expiration time)' claim/.test(message)) {
    const fix = "Synchronise the clock of this machine, such as by NTP: an App identifies itself by the time";
    return problem("GITHUB_APP_ID", `${said}. ${clockDifference(headers.date, now)}`, fix);
  }
  if (status === 401) {
    const fix = "Generate a private key in the settings of the App that GITHUB_APP_ID names, and set its content";
    return problem("GITHUB_APP_PEM_FILE", `${said}: the key is not one of this App's`, fix);
  }
  if (status === 404 && /integration/i.test(message)) {
    return problem("GITHUB_APP_ID", `${said}: there is no such App`, "Copy the App ID from the App's settings");
  }
  if (status === 404) {
    const fix = "Install the App on the organisation, and copy the number at the end of the installation's address";
    return problem("GITHUB_APP_INSTALLATION_ID", `${said}: the App has no such installation`, fix);
  }
  return problem("GITHUB_APP_ID", said, "Check GITHUB_BASE_URL, the proxy, and that GitHub answers");
}

function clockDifference(date: unknown, now: number): string {
  const seconds = Math.round((now - Date.parse(String(date))) / 1000);
  if (Number.isNaN(seconds)) return "The clock of this machine differs from GitHub's";
  const side = seconds > 0 ? "ahead of" : "behind";
  return `The clock of this machine is ${Math.abs(seconds)} s ${side} GitHub's`;
}

/** Everything that is wrong with an installation for a stack. */
export function installationProblems(spec: FleetSpec, found: Installation): Problem[] {
  const { github, platform } = spec;
  if (!sameName(found.account, github.owner)) {
    const message = `is an installation on ${found.account}, and the stack's owner is ${github.owner}`;
    const fix = `Install the App on ${github.owner}, and set the number of that installation`;
    return [problem("GITHUB_APP_INSTALLATION_ID", message, fix)];
  }
  if (found.isSuspended) {
    const fix = `Let an owner of ${github.owner} unsuspend it in the organisation's settings (GitHub Apps)`;
    return [problem("GITHUB_APP_INSTALLATION_ID", `is an installation that is suspended on ${github.owner}`, fix)];
  }
  const missing = missingPermissions(spec, found).map(({ title, purpose }) => {
    const fix = `Give the App the permission ${title}, and let an owner of ${github.owner} accept it`;
    return problem("GITHUB_APP_ID", `is an App without the permission ${title}, which is for ${purpose}`, fix);
  });
  const { protection } = platform.repository;
  const isExempted = !protection.enabled || !protection.pullRequest || protection.app === found.appId;
  if (!github.ownsRepositories || isExempted) return missing;
  const message = `is the App ${found.appId}, which the ruleset of ${github.owner}/${platform.repository.name} does not exempt, so GitHub would refuse the program's own commits`;
  const fix = `Set it in Pulumi.${spec.stack}.yaml: fleet:platformRepository.protection.app: ${found.appId}`;
  return [...missing, problem("GITHUB_APP_ID", message, fix)];
}

/** The permissions that an installation lacks. */
export function missingPermissions(spec: FleetSpec, { permissions }: Installation): readonly NeededPermission[] {
  return neededPermissions(spec).filter(({ key }) => levels.indexOf(permissions[key] ?? "") < levels.indexOf("write"));
}

/**
 * Checks the environment's GitHub App, if it has one. A request without a right would fail in the middle of an update.
 * @throws FleetError with everything that is wrong
 */
export async function checkInstallation(spec: FleetSpec, environment: Environment, now = Date.now()): Promise<void> {
  const { app, problems } = readCredentials(environment);
  if (problems.length > 0) throw new FleetError(problems);
  if (app === undefined) return;
  const wrong = installationProblems(spec, await readInstallation(environment, app, now));
  if (wrong.length > 0) throw new FleetError(wrong);
}

function problem(path: string, message: string, fix: string): Problem {
  return { file: "environment", path, message, fix };
}
