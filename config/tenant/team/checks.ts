import { isPlainObject, type PlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { objectIn, placed } from "../../files/declared-tenant.js";
import type { Catalogue } from "../../files/tenant-files.js";
import type { YamlFile } from "../../files/yaml-file.js";

/**
 * What is wrong between the fields of a tenant's team, and between the teams of two tenants. Teams exist once for all
 * stacks, so every base file counts, whether this stack uses it or not.
 */
export function teamProblems(catalogue: Catalogue): Problem[] {
  const takenBy = new Map<string, Taken>();
  return [...catalogue.base].flatMap(([tenant, base]) => {
    const { team } = objectIn(base);
    if (!isPlainObject(team)) return [];
    return [...clash(tenant, base, team, takenBy), ...memberProblems(base, team)];
  });
}

interface Taken {
  readonly tenant: string;
  readonly file: string;
  readonly existing: boolean;
}

/** A team that somebody else keeps may push for several tenants; one that the program keeps can be only one's. */
function clash(tenant: string, base: YamlFile, team: PlainObject, takenBy: Map<string, Taken>): Problem[] {
  const name = typeof team.name === "string" ? team.name : tenant;
  const existing = team.existing === true;
  const other = takenBy.get(name);
  if (other === undefined) {
    takenBy.set(name, { tenant, file: base.file, existing });
    return [];
  }
  if (existing && other.existing) return [];
  return [
    {
      ...placed(base, ["team", "name"]),
      message: `${JSON.stringify(name)} is the team of ${other.tenant} (${other.file}) already`,
      fix: "Give each tenant a team of its own, or write existing: true in both files and make the team yourselves",
    },
  ];
}

function memberProblems(base: YamlFile, team: PlainObject): Problem[] {
  const listed = ["maintainers", "members"].flatMap((list) => {
    const logins = team[list];
    return (Array.isArray(logins) ? logins : []).flatMap((login, index) =>
      typeof login === "string" ? [{ login, list, index }] : [],
    );
  });
  if (team.existing === true) {
    return [...new Set(listed.map(({ list }) => list))].map((list) => ({
      ...placed(base, ["team", list]),
      message: "cannot be said of a team that somebody else made (existing: true), and who keeps its members",
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
    return [{ ...placed(base, ["team", list, index]), message, fix: "Keep one of them; a maintainer is a member too" }];
  });
}
