import { type Command, Option } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { loadStack } from "../load-stack.js";
import type { EngineOptions } from "../run-engine.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

interface Options extends EngineOptions {
  readonly tenant?: string;
  readonly leaveBlocked?: boolean;
}

const examples = `
Examples:
  npx fleet up staging --tenant team-shop      one new or changed tenant
  npx fleet up prod-eu --leave-blocked         all but the tenants that staging holds back (docs/promotion.md)

With another program than in the last update of the whole stack, --tenant is refused. Then run pulumi up, or update from
the commit of that update (docs/day-two/tenant-changes.md, "Another program").
`;

/** Adds `up`. */
export function addUpCommand(program: Command, streams: Streams, root: string): void {
  program
    .command("up")
    .summary("update one tenant of a stack, or all but those that promotion holds back")
    .description(
      "run pulumi up for a part of a stack; everything else stays as it is. It is refused when the one part cannot change without the other, and says which changes it leaves out. pulumi up updates the whole stack",
    )
    .argument("<stack>", "stack to update")
    .addOption(new Option("--tenant <name>", "only this tenant is created or changed").conflicts("leaveBlocked"))
    .option("--leave-blocked", "all is updated but tenants that the predecessor holds back; the exit code is 0")
    .option("-y, --yes", "update without asking", false)
    .option("--skip-preview", "update without a preview", false)
    .option("--preview-only", "show the changes, and make none", false)
    .addHelpText("after", examples)
    .action(async (named: string, { tenant, leaveBlocked, ...options }: Options, command: Command) => {
      const stack = await requireStack(command, root, named);
      if (tenant !== undefined) {
        await requireTenant(command, root, { stack, tenant });
        const { updateTenant } = await import("../update-tenant.js");
        await updateTenant({ root, stack, tenant, ...options });
      } else if (leaveBlocked === true) {
        const { updateStack } = await import("../update-stack.js");
        await updateStack({ root, stack, ...options }, streams);
      } else {
        command.error("error: name the part to update: --tenant NAME or --leave-blocked. pulumi up updates all.");
      }
    });
}

/** Refuses a name that no file of the stack declares. */
async function requireTenant(
  command: Command,
  root: string,
  { stack, tenant }: { readonly stack: string; readonly tenant: string },
): Promise<void> {
  const { spec, problems } = await loadStack(root, stack);
  if (problems.length > 0) throw new FleetError(problems);
  // Encrypted settings may hide the spec. The program, which can read them, checks the name again.
  const names = spec && [...spec.tenants, ...spec.tenantsElsewhere].map(({ name }) => name);
  if (names !== undefined && !names.includes(tenant)) {
    const remedy = didYouMean(nearMatches(tenant, names), `The tenants are ${names.join(", ")}.`);
    command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(tenant)}. ${remedy}`);
  }
}
