import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { loadStack } from "../load-stack.js";
import { requireStack } from "../stacks.js";

interface Options {
  readonly tenant: string;
  readonly yes: boolean;
  readonly skipPreview: boolean;
  readonly previewOnly: boolean;
}

/** Adds `up`. */
export function addUpCommand(program: Command, root: string): void {
  program
    .command("up")
    .summary("update one tenant of a stack, without looking at the others")
    .description(
      "run pulumi up for one tenant; all other tenants and all shared parts stay as they are. It is refused when shared parts would change too, and says which changes of other tenants it leaves out. pulumi up updates the whole stack",
    )
    .argument("<stack>", "stack that the tenant is on")
    .requiredOption("--tenant <name>", "tenant that is created or changed")
    .option("-y, --yes", "update without asking", false)
    .option("--skip-preview", "update without a preview", false)
    .option("--preview-only", "show the changes, and make none", false)
    .action(async (stack: string, { tenant, ...options }: Options, command: Command) => {
      const { spec, problems } = await loadStack(root, await requireStack(command, root, stack));
      if (problems.length > 0) throw new FleetError(problems);
      // Encrypted settings may hide the spec. The program, which can read them, checks the name again.
      const names = spec && [...spec.tenants, ...spec.tenantsElsewhere].map(({ name }) => name);
      if (names !== undefined && !names.includes(tenant)) {
        const remedy = didYouMean(nearMatches(tenant, names), `The tenants are ${names.join(", ")}.`);
        command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(tenant)}. ${remedy}`);
      }
      const { updateTenant } = await import("../update-tenant.js");
      await updateTenant({ root, stack, tenant, ...options });
    });
}
