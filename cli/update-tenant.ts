import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { withTenantUpdate } from "../config/stack/tenant-update.js";
import { PROOF_RESOURCE, PROOF_TYPE } from "../lib/state/proved-stash.js";
import { fleetComponent, tenantComponent } from "../lib/state/stack-state.js";
import { refuseFurtherTargets } from "./engine-options.js";
import { type EngineOptions, engineOptions, runEngine } from "./run-engine.js";

/** An update of one tenant. */
export interface TenantUpdateArgs extends EngineOptions {
  /** Folder of the program. */
  readonly root: string;
  readonly stack: string;
  readonly tenant: string;
}

/**
 * Runs the engine on one tenant, on the terminal of this process. The engine leaves every resource as it is that does not
 * depend on the tenant's component, whether the program registers it or not.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
 * @throws JobError if the engine fails, or could not be started, or has further targets in the environment
 */
export async function updateTenant(args: TenantUpdateArgs): Promise<void> {
  refuseFurtherTargets();
  await withTenantUpdate(args.tenant, (variables) => runEngine(engineArguments(args), args.root, variables));
}

/** The URN of the proof of a stack. @param root folder of the program */
export function proofUrn(root: string, stack: string): string {
  return `urn:pulumi:${stack}::${projectOf(root)}::${PROOF_TYPE}::${PROOF_RESOURCE}`;
}

function projectOf(root: string): string {
  return (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { readonly name: string }).name;
}

/** The arguments of `pulumi` for an update of one tenant: its component with all below it, and the proof. */
export function engineArguments({ root, stack, tenant, ...options }: TenantUpdateArgs): readonly string[] {
  const urn = `urn:pulumi:${stack}::${projectOf(root)}::${fleetComponent}$${tenantComponent}::${tenant}`;
  const targets = ["--target", urn, "--target", proofUrn(root, stack), "--target-dependents"];
  return engineOptions({ ...options, stack }, targets);
}
