import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { stackName } from "../../config/rules/names.js";
import { statusAdvice, withoutStatus } from "../../config/tenant/notifications/without-status.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { dayOf } from "../../lib/time/calendar-day.js";
import { loadStack } from "../load-stack.js";
import { fleetFileFaults } from "../platform/fleet-file-faults.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

interface CheckOptions {
  readonly platform?: string;
  readonly manifests?: string;
  readonly withoutFlux: boolean;
}

/** Adds `check`. */
export function addCheckCommand(program: Command, { out }: Streams, root: string): void {
  program
    .command("check")
    .summary("check the files of stacks, without a cluster or GitHub")
    .description(
      "check every file that stacks are made of: stacks/, fleet/, Pulumi.STACK.yaml and flux.lock.json; needs no credentials, no cluster, no GitHub and no kustomize, and lists all problems at once; of the kustomizations of fleet/, it checks the structure, and fleet diff builds them",
    )
    .argument(
      "[stack...]",
      "stacks to check; when left out: every stack with an overlay folder or a Pulumi.STACK.yaml",
      addStack,
    )
    .option(
      "--platform <folder>",
      "judge fleet/ of this checkout of the platform's repository, by the rules, stacks and waivers of this program",
    )
    .addOption(
      new Option(
        "--manifests <folder>",
        "with --platform: folder with Flux's manifests, as VERSION/install.yaml; others are fetched",
      ).env("FLEET_MANIFESTS"),
    )
    .option("--without-flux", "with --platform: leave out the form of Flux's objects, whose manifest is fetched", false)
    .action(async (named: readonly string[], options: CheckOptions, command: Command) => {
      for (const stack of named) await requireStack(command, root, stack);
      const stacks = named.length > 0 ? named : await findStacks(root);
      if (stacks.length === 0) {
        const message = "has no stack, and there is no Pulumi.STACK.yaml";
        throw fleetError("stacks", "", message, "Create stacks/STACK/tenants and Pulumi.STACK.yaml");
      }
      if (options.platform !== undefined)
        return await checkPlatform(options.platform, { ...options, root, stacks, out });
      const problems: Problem[] = [...(await fleetFileFaults(root))];
      const silent = new Set<string>();
      for (const stack of stacks) {
        const result = await checkStack(root, stack);
        problems.push(...result.problems);
        for (const tenant of result.silent) silent.add(tenant);
        if (result.problems.length === 0) out(`${stack}: ${result.summary}\n`);
      }
      if (problems.length > 0) throw new FleetError(problems);
      out(unbuilt);
      if (silent.size > 0) out(`${statusAdvice([...silent])}\n`);
    });
}

/** Says that no kustomize was used, whether the machine has one or not. */
const unbuilt = "fleet/: checked without kustomize; npx fleet diff builds it\n";

/** Judges a checkout of the platform's repository instead of the stacks' own files. */
async function checkPlatform(
  folder: string,
  { out, ...args }: Omit<CheckOptions, "platform"> & Pick<Streams, "out"> & { root: string; stacks: readonly string[] },
): Promise<void> {
  // Imported here, because the check of stacks needs none of it.
  const { checkRepository } = await import("../platform/check-repository.js");
  const today = dayOf(Date.now());
  await checkRepository({ ...args, folder: resolve(folder), today, environment: process.env, streams: { out } });
}

function addStack(text: string, previous: readonly string[] = []): readonly string[] {
  const violation = stackName.check(text);
  if (violation) throw new InvalidArgumentError(`It ${violation.message}.`);
  return [...previous, text];
}

/** The problems of one stack's files. Without any, the summary counts what the stack has; and the tenants without a status. */
async function checkStack(root: string, stack: string) {
  const { spec, locate, problems, uncheckedKeys } = await loadStack(root, stack, { checkCharts: true });
  const unchecked = uncheckedKeys.length === 0 ? "" : `; encrypted, so not checked: ${uncheckedKeys.join(", ")}`;
  if (spec === undefined || locate === undefined)
    return { problems, silent: [], summary: `no problems found${unchecked}` };
  const { tenants, flux } = spec;
  const count = `${tenants.length} ${tenants.length === 1 ? "tenant" : "tenants"}`;
  const { exceptionProblems, syncExceptions } = await import("../../config/tenant/syncs/exceptions.js");
  const ended = exceptionProblems(syncExceptions(tenants), dayOf(Date.now()), locate);
  const silent = withoutStatus(tenants).map(({ name }) => name);
  return { problems: [...problems, ...ended], silent, summary: `${count}, Flux ${flux.version}${unchecked}` };
}
