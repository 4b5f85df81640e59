import type { ExistingTeam } from "./existing.js";

/** Suffix of the description of every team that fleet manages, because teams have neither topics nor labels. */
export const TEAM_DESCRIPTION_SUFFIX = "(managed by fleet)";

const start = "Pushes to the repositories of ";

/** Description of a tenant's team. It names the tenant, for people and for fleet. */
export function teamDescription(tenant: string): string {
  return `${start}${tenant} ${TEAM_DESCRIPTION_SUFFIX}`;
}

/** Whether fleet manages a team. */
export function isManagedByFleet({ description }: ExistingTeam): boolean {
  return description.endsWith(TEAM_DESCRIPTION_SUFFIX);
}

/** The tenant that a team was created for. Undefined when people appended the suffix by hand. */
export function tenantOfTeam(team: ExistingTeam): string | undefined {
  if (!isManagedByFleet(team) || !team.description.startsWith(start)) return undefined;
  return team.description.slice(start.length, -TEAM_DESCRIPTION_SUFFIX.length).trim();
}
