import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";

/** Tokens of robots that are not there. */
export function robotProblems(members: readonly Member[]): Problem[] {
  const place = ["robot", "token"];
  return members
    .filter(({ merged }) => valueAt(merged, place) === true && valueAt(merged, ["robot", "enabled"]) === false)
    .map((member) => ({
      ...placed(fileThatSays(member, place), place),
      message: "asks for the token of an account that there is not",
      fix: "Write enabled: true beside it, or remove it",
    }));
}
