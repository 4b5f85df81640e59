import type { FleetSpec } from "../config/fleet-spec.js";
import { sameName } from "../lib/github/existing.js";
import { type StatedResource, type StateIndex, teamComponent } from "../lib/state/stack-state.js";
import { isBelow, teamOf } from "./handed-over.js";

/**
 * The sentences about people that the file of a tenant names no more, although it keeps its team: they lose the right to
 * push, or to add others.
 * @param handedOver resources that another owner manages from now on
 */
export function memberRemovals(
  { github: { owner, ownsRepositories }, tenants, tenantsElsewhere }: FleetSpec,
  { github }: Pick<StateIndex, "github">,
  handedOver: readonly StatedResource[],
): string[] {
  if (!ownsRepositories) return [];
  const memberships = github.filter((one) => isBelow(one, teamComponent) && !handedOver.includes(one));
  return [...tenants, ...tenantsElsewhere].flatMap(({ name, team }) => {
    if (team === undefined || team.existing) return [];
    const people = memberships.filter((one) => teamOf(one) === `${name}-team`).flatMap(({ member }) => member ?? []);
    const has = (logins: readonly string[], person: string) => logins.some((login) => sameName(login, loginOf(person)));
    const gone = people.filter((one) => !has(team.members, one) && !has(team.maintainers, one));
    const demoted = people.filter((one) => isMaintainer(one) && has(team.members, one) && !has(team.maintainers, one));
    const ofTeam = `the team ${owner}/${team.name} of the tenant ${name}`;
    return [
      ...(gone.length === 0
        ? []
        : [
            `This update takes ${listed(gone)} from ${ofTeam}, and the right to push with it: its file names them no more.`,
          ]),
      ...(demoted.length === 0
        ? []
        : [
            `This update takes the right to add members to ${ofTeam} from ${listed(demoted.map(loginOf))}: its file names them as members.`,
          ]),
    ];
  });
}

/** A maintainer is `ann (maintainer)` in the state. */
function loginOf(person: string): string {
  return person.replace(/ .*$/, "");
}

function isMaintainer(person: string): boolean {
  return person !== loginOf(person);
}

function listed(people: readonly string[]): string {
  return [...people].sort().join(", ");
}
