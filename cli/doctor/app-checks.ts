import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { AppCredentials } from "../../lib/github/credentials.js";
import type { Check } from "../../operate/doctor/check.js";
import { judgeClock } from "../../operate/doctor/judge-clock.js";
import {
  type Installation,
  installationProblems,
  missingPermissions,
  readInstallation,
} from "../../preflight/github-app.js";
import { neededPermissions } from "../../preflight/needed-permissions.js";

/** The arguments of {@link appChecks}. */
export interface AppChecksArgs {
  /** Undefined for a stack whose files have problems: its permissions are unknown. */
  readonly spec: FleetSpec | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly app: AppCredentials;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Checks a GitHub App, its installation, the installation's permissions and the clock, with one request. */
export async function appChecks({ spec, environment, app, now }: AppChecksArgs): Promise<readonly Check[]> {
  try {
    const found = await readInstallation(environment, app, now());
    const clock = judgeClock("GitHub", { date: found.date, now: now() });
    return [...judgeInstallation(spec, found), clock];
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return error.problems.map(problemCheck);
  }
}

function judgeInstallation(spec: FleetSpec | undefined, found: Installation): Check[] {
  const detail = `App ${found.appId}, installed on ${found.account}`;
  const app: Check = { area: "GitHub", name: "App", result: "ok", detail };
  if (spec === undefined) return [app];
  const missing = missingPermissions(spec, found);
  const granted = neededPermissions(spec)
    .filter(({ key }) => missing.every((one) => one.key !== key))
    .map(({ title, purpose }): Check => {
      return { area: "GitHub", name: `permission ${title}`, result: "ok", detail: `for ${purpose}` };
    });
  return [app, ...coverage(found), ...granted, ...installationProblems(spec, found).map(problemCheck)];
}

/** The program takes a repository that it does not see for one that does not exist, and would try to create it. */
function coverage({ coversAll, account }: Installation): Check[] {
  const check = { area: "GitHub", name: "repositories" } as const;
  if (coversAll) return [{ ...check, result: "ok", detail: "the installation covers all" }];
  const fix = `Give the installation on ${account} access to all repositories, or select each one of the fleet`;
  return [{ ...check, result: "warning", detail: "the installation covers selected ones only", fix }];
}

function problemCheck({ path, message, fix = "" }: FleetError["problems"][number]): Check {
  return { area: "GitHub", name: path, result: "problem", detail: message, fix };
}
