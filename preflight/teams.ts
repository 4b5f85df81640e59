import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError, type Problem } from "../lib/diagnostics/problem.js";
import { gitHubClient } from "../lib/github/client.js";
import type { ExistingTeam } from "../lib/github/existing.js";
import { isManagedByFleet, TEAM_DESCRIPTION_SUFFIX, tenantOfTeam } from "../lib/github/team.js";

/** Teams of the organisation by their slug. */
export type Teams = ReadonlyMap<string, ExistingTeam>;

/**
 * The teams of the organisation that the token can see, with one request for each hundred. Empty when no tenant has a
 * team, or when another stack creates them.
 *
 * @param environment `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/teams/teams#list-teams
 */
export async function listTeams(
  { github, tenants }: FleetSpec,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Teams> {
  if (!github.ownsRepositories || tenants.every(({ team }) => team === undefined)) return new Map();
  const client = gitHubClient(environment);
  try {
    const found = await client.paginate("GET /orgs/{org}/teams", { org: github.owner, per_page: 100 });
    return new Map(found.map(({ id, slug, description }) => [slug, { id, slug, description: description ?? "" }]));
  } catch (error) {
    throw new FleetError([
      {
        file: "environment",
        path: "GITHUB_TOKEN",
        message: `GitHub did not list the teams of ${github.owner}: ${String(error)}`,
        fix: "Check that the token may read and write the organisation's members (classic: admin:org), and that GITHUB_OWNER is an organisation: a user has no teams",
      },
    ]);
  }
}

/** The conflicts of tenants' teams: not managed by fleet, of another tenant, or missing with `existing: true`. */
export function teamConflicts(teams: Teams, { github, tenants }: FleetSpec, locate: Locate): Problem[] {
  if (!github.ownsRepositories) return [];
  return tenants.flatMap(({ name: tenant, team }) => {
    if (team === undefined) return [];
    const found = teams.get(team.name);
    const problem = team.existing ? missing(found, team.name) : taken(found, tenant);
    return problem === undefined
      ? []
      : [
          {
            ...locate(tenant, ["team", "name"]),
            message: `the team ${github.owner}/${team.name} ${problem.message}`,
            fix: problem.fix,
          },
        ];
  });
}

function missing(found: ExistingTeam | undefined, name: string): Pick<Problem, "message" | "fix"> | undefined {
  if (found !== undefined) return undefined;
  return {
    message: "does not exist, or the token cannot see it",
    fix: `Create it on GitHub with the address .../teams/${name}, or remove existing: true so that fleet creates it`,
  };
}

function taken(found: ExistingTeam | undefined, tenant: string): Pick<Problem, "message" | "fix"> | undefined {
  if (found === undefined) return undefined;
  if (!isManagedByFleet(found)) {
    return {
      message: `exists, but fleet does not manage it: its description does not end in ${JSON.stringify(TEAM_DESCRIPTION_SUFFIX)}`,
      fix: "Choose another name, write existing: true, or let fleet manage the team: append that text to its description",
    };
  }
  const other = tenantOfTeam(found);
  if (other === undefined || other === tenant) return undefined;
  return {
    message: `belongs to the tenant ${other}`,
    fix: "Choose another name, or delete that team on GitHub if it is unused",
  };
}
