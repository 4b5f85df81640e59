import type { Command } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";

/** A stack with its tenants, read from the files. */
export interface StackTenants {
  readonly stack: string;
  readonly spec: FleetSpec;
}

/**
 * Every stack of a checkout with its tenants, from the files alone.
 * @throws FleetError with the problems of all stacks, or if an encrypted setting hides what is needed
 */
export async function loadFleet(root: string): Promise<readonly StackTenants[]> {
  const loaded = [];
  for (const stack of await findStacks(root)) loaded.push({ stack, ...(await loadStack(root, stack)) });
  const problems = loaded.flatMap((one) => one.problems);
  if (problems.length > 0) throw new FleetError(problems);
  return loaded.map(({ stack, spec, uncheckedKeys }) => {
    if (spec !== undefined) return { stack, spec };
    const message = `is encrypted, so the tenants are unknown: ${uncheckedKeys.join(", ")}`;
    throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
  });
}

/** The stacks that run a tenant. Without any, the command ends with exit code 2. */
export function requireStacksOf(command: Command, fleet: readonly StackTenants[], name: string) {
  const found = fleet.flatMap(({ stack, spec }) => {
    const tenant = spec.tenants.find((one) => one.name === name);
    return tenant === undefined ? [] : [{ stack, spec, tenant }];
  });
  if (found.length > 0) return found;
  const names = [...new Set(fleet.flatMap(({ spec }) => spec.tenants.map((one) => one.name)))].sort();
  const known = names.length === 0 ? "There are no tenants." : `The tenants are ${names.join(", ")}.`;
  const remedy = didYouMean(nearMatches(name, names), known);
  return command.error(`error: no stack has a tenant ${JSON.stringify(name)}. ${remedy}`);
}
