import type { Problem } from "../../../lib/diagnostics/problem.js";
import { clashes, type DeclaredTenant, having, problemAt, repeats, type TenantCheck } from "../declared-tenant.js";
import type { TenantSpec } from "../schema.js";

/**
 * The problems between the fields of a tenant's team, and between the teams of two tenants. Teams exist once for all
 * stacks, so every base file counts, whether this stack uses it or not.
 */
export const teamProblems: TenantCheck = (everywhere) => {
  const teams = having(everywhere, "team").flatMap((tenant) => {
    const { team } = tenant.spec;
    return team === undefined ? [] : [{ tenant, team }];
  });
  // An existing team may push for several tenants; one that the program keeps can be only one's.
  const place = ["team", "name"];
  const claims = teams.map(({ tenant, team: { name, existing } }) => ({ tenant, place, name, shared: existing }));
  const fix = "Give each tenant a team of its own, or write existing: true in both files and make the team yourselves";
  return [
    ...clashes(claims, { message: "is the team of", fix }),
    ...teams.flatMap(({ tenant, team }) => memberProblems(tenant, team)),
  ];
};

function memberProblems(tenant: DeclaredTenant, team: NonNullable<TenantSpec["team"]>): Problem[] {
  const { existing, maintainers, members } = team;
  const listed = Object.entries({ maintainers, members }).flatMap(([list, logins]) =>
    logins.map((login, index) => ({ login, list, index })),
  );
  if (existing) {
    const message = "cannot be set for an existing team (existing: true), whose members its owner keeps";
    const lists = new Set(listed.map(({ list }) => list));
    return [...lists].map((list) => problemAt(tenant, ["team", list], message, "Remove it, or remove existing: true"));
  }
  // GitHub's logins differ by more than case.
  return repeats(listed, ({ login }) => login.toLowerCase()).map(([{ login, list, index }, first]) => {
    const message = `${JSON.stringify(login)} is in team.${first.list} already`;
    return problemAt(tenant, ["team", list, index], message, "Keep one of them; a maintainer is a member too");
  });
}
