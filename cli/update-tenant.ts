import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { withTenantUpdate } from "../config/stack/tenant-update.js";
import { PROOF_RESOURCE, PROOF_TYPE } from "../lib/state/proved-stash.js";
import { fleetComponent, tenantComponent } from "../lib/state/stack-state.js";
import { refuseFurtherTargets } from "./engine-options.js";
import { JobError } from "./explain.js";
import { interruptible } from "./start/tasks.js";

/** An update of one tenant. */
export interface TenantUpdateArgs {
  /** Folder of the program. */
  readonly root: string;
  readonly stack: string;
  readonly tenant: string;
  /** Whether the engine updates without asking. */
  readonly yes: boolean;
  readonly skipPreview: boolean;
  /** Whether the engine only shows the changes. */
  readonly previewOnly: boolean;
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
  const { yes, skipPreview, previewOnly } = options;
  const urn = `urn:pulumi:${stack}::${projectOf(root)}::${fleetComponent}$${tenantComponent}::${tenant}`;
  return [
    previewOnly ? "preview" : "up",
    ...["--stack", stack, "--target", urn, "--target", proofUrn(root, stack), "--target-dependents"],
    ...(yes && !previewOnly ? ["--yes"] : []),
    ...(skipPreview && !previewOnly ? ["--skip-preview"] : []),
  ];
}

async function runEngine(
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const engine = spawn("pulumi", args, { cwd, env: { ...process.env, ...variables }, stdio: "inherit" });
  // A terminal sends its interrupt to the engine, too. A second one would make the engine stop at once.
  const onSignal = () => process.stdin.isTTY || engine.kill("SIGINT");
  await interruptible(onSignal, async () => {
    const [code, signal] = await once(engine, "exit").catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "it is not in PATH" : error.message;
      throw new JobError(`pulumi could not be started: ${reason}.\nWhat to do: install Pulumi, or add it to PATH.`);
    });
    if (code === 0) return;
    const failure = `pulumi ${args[0]} failed (${signal ?? `exit code ${code}`}): its own words are above.`;
    throw new JobError(`${failure}\nWhat to do: correct what it names, and run the command again.`);
  });
}
