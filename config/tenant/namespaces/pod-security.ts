import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import { namespacesOf } from "./clashes.js";
import { POD_SECURITY_LEVELS, type PodSecurityLevel } from "./schema.js";

/** Namespaces whose level of Pod Security is below what the stack allows. */
export function podSecurityProblems(
  members: readonly Member[],
  {
    podSecurityFloor: floor,
    stack,
  }: { readonly podSecurityFloor: PodSecurityLevel | undefined; readonly stack: string },
): Problem[] {
  if (floor === undefined) return [];
  return members.flatMap((member) =>
    namespacesOf(member).flatMap(({ place }) => {
      const [section = "", name = ""] = place;
      const field = [section, ...(section === "namespaces" ? [name] : []), "podSecurity"];
      const level = valueAt(member.merged, field);
      const known = POD_SECURITY_LEVELS.find((one) => one === level);
      if (known === undefined || POD_SECURITY_LEVELS.indexOf(known) >= POD_SECURITY_LEVELS.indexOf(floor)) return [];
      return [
        {
          ...placed(fileThatSays(member, field), field),
          message: `${known} is below ${floor}, which Pulumi.${stack}.yaml has as the stack's floor (fleet:podSecurityFloor)`,
          fix: `Write ${floor}, or have the platform team lower the floor`,
        },
      ];
    }),
  );
}
