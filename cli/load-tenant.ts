import type { Command } from "commander";
import { didYouMean, nearMatches } from "../lib/diagnostics/near-match.js";
import { FleetError, fleetError } from "../lib/diagnostics/problem.js";
import { loadStack } from "./load-stack.js";
import { requireStack } from "./stacks.js";

/**
 * A stack and one of its tenants, from the files alone. If the checkout lacks either, the command ends with exit code 2.
 * @throws FleetError with the problems of the files, or if an encrypted setting hides what is needed
 */
export async function requireTenant(command: Command, root: string, stack: string, name: string) {
  const { spec, problems, uncheckedKeys } = await loadStack(root, await requireStack(command, root, stack));
  if (problems.length > 0) throw new FleetError(problems);
  if (spec === undefined) {
    const message = `is encrypted, so the rules of the stack are unknown: ${uncheckedKeys.join(", ")}`;
    throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
  }
  const tenant = spec.tenants.find((one) => one.name === name);
  if (tenant !== undefined) return { spec, tenant };
  const names = spec.tenants.map((one) => one.name);
  const known = names.length === 0 ? "It has no tenants." : `The tenants are ${names.join(", ")}.`;
  const remedy = didYouMean(nearMatches(name, names), known);
  return command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(name)}. ${remedy}`);
}
