import type { Problem } from "../../../lib/diagnostics/problem.js";
import { locationOf } from "../../files/location.js";
import type { YamlFile } from "../../files/yaml-file.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantSpec } from "../schema.js";

type Team = NonNullable<TenantSpec["team"]>;

/**
 * The problems between the fields of a tenant's team, and between the teams of two tenants. Teams exist once for all
 * stacks, so every base file counts, whether this stack uses it or not.
 */
export function teamProblems(everywhere: readonly ParsedTenant[]): Problem[] {
  const takenBy = new Map<string, Taken>();
  return having(everywhere, "team").flatMap(({ name, base, spec: { team } }) =>
    team === undefined ? [] : [...clash(name, base, team, takenBy), ...memberProblems(base, team)],
  );
}

interface Taken {
  readonly tenant: string;
  readonly file: string;
  readonly existing: boolean;
}

/** An existing team may push for several tenants; one that the program keeps can be only one's. */
function clash(tenant: string, base: YamlFile, { name, existing }: Team, takenBy: Map<string, Taken>): Problem[] {
  const other = takenBy.get(name);
  if (other === undefined) {
    takenBy.set(name, { tenant, file: base.file, existing });
    return [];
  }
  if (existing && other.existing) return [];
  return [
    {
      ...locationOf(base, ["team", "name"]),
      message: `${JSON.stringify(name)} is the team of ${other.tenant} (${other.file}) already`,
      fix: "Give each tenant a team of its own, or write existing: true in both files and make the team yourselves",
    },
  ];
}

function memberProblems(base: YamlFile, { existing, maintainers, members }: Team): Problem[] {
  const listed = Object.entries({ maintainers, members }).flatMap(([list, logins]) =>
    logins.map((login, index) => ({ login, list, index })),
  );
  if (existing) {
    return [...new Set(listed.map(({ list }) => list))].map((list) => ({
      ...locationOf(base, ["team", list]),
      message: "cannot be set for an existing team (existing: true), whose members its owner keeps",
      fix: "Remove it, or remove existing: true",
    }));
  }
  // GitHub's logins differ by more than case.
  const seen = new Map<string, string>();
  return listed.flatMap(({ login, list, index }) => {
    const first = seen.get(login.toLowerCase());
    if (first === undefined) {
      seen.set(login.toLowerCase(), `team.${list}`);
      return [];
    }
    const message = `${JSON.stringify(login)} is in ${first} already`;
    return [
      { ...locationOf(base, ["team", list, index]), message, fix: "Keep one of them; a maintainer is a member too" },
    ];
  });
}
