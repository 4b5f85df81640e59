import type { Command } from "commander";
import { requireTenant } from "../load-tenant.js";
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
      const { spec, tenant } = await requireTenant(command, root, stack, name);
      const { teamGuide } = await import("../../config/guide/team-guide.js");
      out(teamGuide(spec, tenant));
    });
}
