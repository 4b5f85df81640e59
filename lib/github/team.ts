import type { ExistingTeam } from "./existing.js";

/** End of the description of every team that this program made: a team has neither topics nor labels. */
export const TEAM_DESCRIPTION_SUFFIX = "(managed by fleet)";

const start = "Pushes to the repositories of";

/** Description of a tenant's team; it says whose the team is, to people and to the program. */
export function teamDescription(tenant: string): string {
  return `${start} ${tenant} ${TEAM_DESCRIPTION_SUFFIX}`;
}

/** Whether a team is one of ours. */
export function isManagedByFleet({ description }: ExistingTeam): boolean {
  return description.endsWith(TEAM_DESCRIPTION_SUFFIX);
}

/** The tenant that the program made a team for; undefined when it was handed over by its mark alone. */
export function tenantOfTeam(team: ExistingTeam): string | undefined {
  const { description } = team;
  if (!isManagedByFleet(team) || !description.startsWith(`${start} `)) return undefined;
  return description.slice(start.length, -TEAM_DESCRIPTION_SUFFIX.length).trim();
}
