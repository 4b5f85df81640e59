import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { loadStack } from "../load-stack.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

/** Adds `guide`. */
export function addGuideCommand(program: Command, { out }: Streams, root: string): void {
  program
    .command("guide")
    .summary("print the page for a tenant's team: its rules, and where it sees a refusal")
    .description(
      "print a page in Markdown for a tenant's team, from the tenant's files and the stack's settings: folders, rules, quotas, hosts, and where the team reads why a push was refused; needs no credentials, no cluster and no GitHub",
    )
    .argument("<stack>", "stack that the tenant is on")
    .argument("<tenant>", "name of the tenant")
    .action(async (stack: string, name: string, _options: unknown, command: Command) => {
      const { spec, problems, uncheckedKeys } = await loadStack(root, await requireStack(command, root, stack));
      if (problems.length > 0) throw new FleetError(problems);
      if (spec === undefined) {
        const message = `is encrypted, so the rules of the stack are unknown: ${uncheckedKeys.join(", ")}`;
        throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
      }
      const tenant = spec.tenants.find((one) => one.name === name);
      if (tenant === undefined) {
        const names = spec.tenants.map((one) => one.name);
        const remedy = didYouMean(nearMatches(name, names), `The tenants are ${names.join(", ")}.`);
        return command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(name)}. ${remedy}`);
      }
      const { teamGuide } = await import("../../config/guide/team-guide.js");
      out(teamGuide(spec, tenant));
    });
}
