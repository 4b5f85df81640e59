import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed } from "../../files/declared-tenant.js";

/** Tenants that ask for what the infrastructure of the stack does not have. */
export function offerProblems(
  members: readonly Member[],
  { offers, stack }: { readonly offers: readonly string[] | undefined; readonly stack: string },
): Problem[] {
  if (offers === undefined || offers.includes("flagger")) return [];
  const place = ["progressiveDelivery"];
  return members
    .filter(({ merged }) => merged.progressiveDelivery === true)
    .map((member) => ({
      ...placed(fileThatSays(member, place), place),
      message: `is for stacks that have Flagger, and fleet:offers of Pulumi.${stack}.yaml does not list it`,
      fix: "Write false in the overlay, or have the platform team install Flagger and list it",
    }));
}
