import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed } from "../../files/declared-tenant.js";

/** Tenants that want to be told of pushes on a stack that GitHub cannot reach. */
export function webhookProblems(
  members: readonly Member[],
  { webhookUrl, stack }: { readonly webhookUrl: boolean; readonly stack: string },
): Problem[] {
  if (webhookUrl) return [];
  return members
    .filter(({ merged }) => merged.webhook === true)
    .map((member) => ({
      ...placed(fileThatSays(member, ["webhook"]), ["webhook"]),
      message: `needs an address at which GitHub reaches this cluster, and Pulumi.${stack}.yaml has no fleet:webhookUrl`,
      fix: `Set it to the host of notification-controller's webhook-receiver, or write webhook: false in stacks/${stack}/tenants/${member.name}.yaml`,
    }));
}
