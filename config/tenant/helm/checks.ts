import { isPlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";

/** Sources of charts that the tenant's own limits have no room for: they are counted with what it makes itself. */
export function helmProblems(member: Member): Problem[] {
  const room = valueAt(member.merged, ["limits", "fluxObjects"]);
  if (typeof room !== "number") return [];
  return ["repositories", "charts"].flatMap((list) => {
    const place = ["helm", list];
    const sources = valueAt(member.merged, place);
    const count = isPlainObject(sources) ? Object.keys(sources).length : 0;
    if (count <= room) return [];
    const message = `are ${count}, and limits.fluxObjects has room for ${room} of a kind`;
    return [
      { ...placed(fileThatSays(member, place), place), message, fix: "Raise limits.fluxObjects, or remove some" },
    ];
  });
}
