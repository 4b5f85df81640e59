import { type Command, InvalidArgumentError } from "commander";
import { stackName } from "../../config/rules/names.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { dayOf } from "../../lib/time/calendar-day.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import type { Streams } from "../streams.js";

/** Adds `check`. */
export function addCheckCommand(program: Command, { out }: Streams, root: string): void {
  program
    .command("check")
    .summary("check the files of stacks, without a cluster or GitHub")
    .description(
      "check every file that stacks are made of: stacks/, fleet/, Pulumi.STACK.yaml and flux.lock.json; needs no credentials, no cluster and no GitHub, and lists all problems at once",
    )
    .argument(
      "[stack...]",
      "stacks to check; when left out: every stack with an overlay folder or a Pulumi.STACK.yaml",
      addStack,
    )
    .action(async (named: readonly string[]) => {
      const stacks = named.length > 0 ? named : await findStacks(root);
      if (stacks.length === 0) {
        const message = "has no stack, and there is no Pulumi.STACK.yaml";
        throw fleetError("stacks", "", message, "Create stacks/STACK/tenants and Pulumi.STACK.yaml");
      }
      const problems: Problem[] = [];
      for (const stack of stacks) {
        const result = await checkStack(root, stack);
        problems.push(...result.problems);
        if (result.problems.length === 0) out(`${stack}: ${result.summary}\n`);
      }
      if (problems.length > 0) throw new FleetError(problems);
    });
}

function addStack(text: string, previous: readonly string[] = []): readonly string[] {
  const violation = stackName.check(text);
  if (violation) throw new InvalidArgumentError(`It ${violation.message}.`);
  return [...previous, text];
}

/** The problems of one stack's files. Without any, the summary counts what the stack has. */
async function checkStack(root: string, stack: string) {
  const { spec, locate, problems, uncheckedKeys } = await loadStack(root, stack);
  const unchecked = uncheckedKeys.length === 0 ? "" : `; encrypted, so not checked: ${uncheckedKeys.join(", ")}`;
  if (spec === undefined || locate === undefined) return { problems, summary: `no problems found${unchecked}` };
  const { tenants, flux } = spec;
  const count = `${tenants.length} ${tenants.length === 1 ? "tenant" : "tenants"}`;
  const { exceptionProblems, syncExceptions } = await import("../../config/tenant/syncs/exceptions.js");
  const ended = exceptionProblems(syncExceptions(tenants), dayOf(Date.now()), locate);
  return { problems: [...problems, ...ended], summary: `${count}, Flux ${flux.version}${unchecked}` };
}
