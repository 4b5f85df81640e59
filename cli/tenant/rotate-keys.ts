import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { DeployKeyInState } from "../../operate/tenant/deploy-keys.js";
import { days } from "../days.js";
import { refuseFurtherTargets } from "../engine-options.js";
import { JobError } from "../explain.js";
import { exportState } from "../export-state.js";
import { requireStack } from "../stacks.js";
import { interruptible } from "../start/tasks.js";
import type { Streams } from "../streams.js";

interface RotateOptions {
  readonly stack: string;
  readonly all: boolean;
  readonly olderThan?: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const examples = `
Examples:
  npx fleet tenant rotate-keys team-payments --stack staging              one tenant's keys, after a question
  npx fleet tenant rotate-keys --all --stack staging --older-than 90d --yes
  npx fleet tenant rotate-keys --all --stack staging --dry-run            prints the keys and their age only
`;

/** Adds `tenant rotate-keys`. @param tenant the command `tenant` @param now milliseconds since 1970 */
export function addRotateKeysCommand(
  tenant: Command,
  { out }: Streams,
  root: string,
  now: () => number = Date.now,
): void {
  tenant
    .command("rotate-keys")
    .summary("replace deploy keys by new ones, without a gap")
    .description(
      "replace deploy keys of a stack by new ones, by pulumi up: each new key is registered at GitHub before a Secret has it, and the former one is removed last; an update of the whole stack, so other changes of the files take part",
    )
    .argument("[tenant]", "tenant whose keys are replaced")
    .requiredOption("--stack <stack>", "stack whose keys are replaced")
    .option("--all", "the keys of all tenants, and the platform's", false)
    .option("--older-than <days>", "leave younger keys, such as 90d", days)
    .option("--dry-run", "print the keys and their age only", false)
    .option("--yes", "update without asking", false)
    .addHelpText("after", examples)
    .action(async (name: string | undefined, options: RotateOptions, command: Command) => {
      if ((name === undefined) !== options.all) command.error("error: name a tenant, or --all");
      const stack = await requireStack(command, root, options.stack);
      refuseFurtherTargets();
      const { ageInDays, deployKeysIn, keysToRotate } = await import("../../operate/tenant/deploy-keys.js");
      const { keys, unfinished } = deployKeysIn(await exportState(root, stack));
      requireKeysOf(command, keys, { name, stack });
      const rotated = keysToRotate(keys, { tenant: name, olderThanDays: options.olderThan, now: now() });
      const considered = name === undefined ? keys : keys.filter((key) => key.tenant === name);
      const rows = considered.map((key) => {
        const age = ageInDays(key, now());
        const words = age === undefined ? "unknown age" : `${age} ${age === 1 ? "day" : "days"} old`;
        return `  ${key.repository}  ${key.title}  ${words}  ${rotated.includes(key) ? "to be replaced" : "stays"}\n`;
      });
      out(`Deploy keys of ${name ?? "all tenants and the platform"} on ${stack}:\n${rows.join("")}`);
      if (options.dryRun) return;
      if (rotated.length === 0 && !unfinished) {
        out("No key is to be replaced.\n");
        return;
      }
      if (unfinished) out("An earlier rotation has not removed the former keys yet. This update removes them.\n");
      const replaced = rotated.flatMap(({ urn }) => ["--replace", urn]);
      await runUpdate(root, ["up", "--stack", stack, ...replaced, ...(options.yes ? ["--yes", "--skip-preview"] : [])]);
    });
}

/** Ends the command with exit code 2 if a tenant has no key. */
function requireKeysOf(
  command: Command,
  keys: readonly DeployKeyInState[],
  { name, stack }: { readonly name: string | undefined; readonly stack: string },
): void {
  if (name === undefined || keys.some((key) => key.tenant === name)) return;
  const names = [...new Set(keys.flatMap(({ tenant }) => tenant ?? []))].sort();
  const known = names.length === 0 ? "It has none." : `Tenants with a key are ${names.join(", ")}.`;
  const remedy = didYouMean(nearMatches(name, names), known);
  command.error(`error: the state of ${stack} has no deploy key of ${JSON.stringify(name)}. ${remedy}`);
}

/** Runs an update on the terminal of this process. @throws JobError if it fails */
async function runUpdate(cwd: string, args: readonly string[]): Promise<void> {
  const engine = spawn("pulumi", args, { cwd, stdio: "inherit" });
  // A terminal sends its interrupt to the engine, too. A second one would make the engine stop at once.
  const onSignal = () => process.stdin.isTTY || engine.kill("SIGINT");
  await interruptible(onSignal, async () => {
    const [code, signal] = await once(engine, "exit");
    if (code === 0) return;
    const what = `pulumi up failed (${signal ?? `exit code ${code}`}).`;
    throw new JobError(`${what}\nWhat to do: mend the cause, and run the command again. It continues.`);
  });
}
