import { isPlainObject } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import { grantableRole } from "./schema.js";

interface AccessArgs {
  readonly stack: string;
  /** ClusterRoles that a tenant may name; undefined when they are themselves wrong. */
  readonly allowedRoles: readonly string[] | undefined;
}

/** Roles that the stack does not list, and groups that are named twice. */
export function accessProblems(members: readonly Member[], args: AccessArgs): Problem[] {
  return members.flatMap((member) => [...roleProblems(member, args), ...doubleProblems(member)]);
}

/** Which roles can be had is the platform's to say: what is in one is not seen here. */
function roleProblems(member: Member, { allowedRoles, stack }: AccessArgs): Problem[] {
  if (allowedRoles === undefined) return [];
  return (
    rolesOf(member)
      // What is no name of a role, or none to be had, has been said where the file was read.
      .filter((role) => !allowedRoles.includes(role) && grantableRole.check(role) === undefined)
      .map((role) => {
        const listed = allowedRoles.length === 0 ? "which lists none" : `which lists ${allowedRoles.join(", ")}`;
        const place = ["access", "roles", role];
        return {
          ...placed(fileThatSays(member, place), place),
          message: `${JSON.stringify(role)} is not in fleet:allowedRoles of Pulumi.${stack}.yaml, ${listed}`,
          fix: didYouMean(
            nearMatches(role, allowedRoles),
            "Name one that is listed, or have the platform team list it",
          ),
        };
      })
  );
}

function doubleProblems(member: Member): Problem[] {
  const lists = [["viewers"], ["operators"], ...rolesOf(member).map((role) => ["roles", role])];
  return lists.flatMap((list) => {
    const place = ["access", ...list];
    const groups = valueAt(member.merged, place);
    if (!Array.isArray(groups)) return [];
    return groups.flatMap((group, index) =>
      groups.indexOf(group) === index
        ? []
        : [
            {
              ...placed(fileThatSays(member, place), [...place, index]),
              message: "is there already",
              fix: "Keep one of them",
            },
          ],
    );
  });
}

function rolesOf({ merged }: Member): string[] {
  const roles = valueAt(merged, ["access", "roles"]);
  return isPlainObject(roles) ? Object.keys(roles) : [];
}
