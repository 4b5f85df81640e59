import { type Command, InvalidArgumentError } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { stackName } from "../../config/rules/names.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, fleetError, problemLine } from "../../lib/diagnostics/problem.js";
import { JobError } from "../explain.js";
import { finishEarlier } from "../finish-earlier.js";
import { loadStack } from "../load-stack.js";
import type { NewStackPlan } from "../new-stack/plan.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

interface Options {
  readonly from: string;
  readonly tenants: string;
  readonly dryRun: boolean;
}

const examples = `
Examples:
  npx fleet stack new prod-us --from staging                     with all tenants of staging
  npx fleet stack new prod-us --from staging --tenants none      the platform alone
  npx fleet stack new prod-us --from staging --dry-run           prints the files only
`;

/** Adds `stack new`. @param stack the command `stack` */
export function addNewStackCommand(stack: Command, { out }: Streams, root: string): void {
  stack
    .command("new")
    .summary("write the files of a new stack, from those of another one")
    .description(
      "write the files of a new stack: its settings, the overlays of its tenants, and its folders of fleet/, each from that of the stack FROM, which becomes its predecessor in the order of promotion; secrets, hosts, image automation and identities of clouds are not copied. The files are checked before the first is written, nothing is overwritten, and the next steps are printed; needs no credentials, no cluster and no GitHub",
    )
    .argument("<name>", "name of the new stack", newName)
    .requiredOption("--from <stack>", "stack whose files are copied, and that runs each change first")
    .option("--tenants <names>", "tenants of the new stack: all of FROM's, none, or names joined by commas", "all")
    .option("--dry-run", "print the files and their content only", false)
    .addHelpText("after", examples)
    .action(async (name: string, options: Options, command: Command) => {
      await finishEarlier(root, out, options.dryRun);
      const stacks = await findStacks(root);
      const from = await requireStack(command, root, options.from);
      if (stacks.includes(name)) {
        command.error(`error: there is a stack ${name} already. The stacks are ${stacks.join(", ")}.`);
      }
      const source = await loadSource(root, from);
      const tenants = tenantNames(command, source, options.tenants);
      // Imported here, because the other commands need none of these.
      const [{ readSourceFiles }, { planNewStack }, { requireFree, writeAll }] = await Promise.all([
        import("../new-stack/source-files.js"),
        import("../new-stack/plan.js"),
        import("../new-stack/write-files.js"),
      ]);
      const renaming = { from, to: name };
      const chosen = source.tenants.filter((tenant) => tenants.includes(tenant.name));
      const plan = planNewStack(readSourceFiles(root, from, tenants), renaming, chosen);
      requireFree(root, name, plan.created);
      const { spec, remaining } = await tryOut(root, name, plan);
      const { newStackReport } = await import("../new-stack/report.js");
      if (options.dryRun) {
        out(await contents(plan));
        return;
      }
      writeAll(root, plan.created, plan.edited);
      out(newStackReport({ plan, renaming, spec, remaining }));
    });
}

function newName(text: string): string {
  const violation = stackName.check(text);
  if (violation === undefined) return text;
  throw new InvalidArgumentError([`It ${violation.message}.`, violation.fix].filter((part) => part).join(" "));
}

/** @throws FleetError with the problems of the source, from which nothing can be derived then */
async function loadSource(root: string, from: string): Promise<FleetSpec> {
  const { spec, problems, uncheckedKeys } = await loadStack(root, from);
  if (problems.length > 0) throw new FleetError(problems);
  if (spec !== undefined) return spec;
  const message = `is encrypted, so nothing can be derived from the stack: ${uncheckedKeys.join(", ")}`;
  throw fleetError(`Pulumi.${from}.yaml`, "", message, "Set it without --secret");
}

/** The tenants that `--tenants` names, sorted. An unknown one ends the command with exit code 2. */
function tenantNames(command: Command, { stack, tenants }: FleetSpec, given: string): readonly string[] {
  const known = tenants.map(({ name }) => name);
  if (given === "all") return known;
  const named = given === "none" ? [] : [...new Set(given.split(",").map((name) => name.trim()))].sort();
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return named;
  const remedy = didYouMean(nearMatches(unknown, known), `The tenants are ${known.join(", ")}.`);
  return command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(unknown)}. ${remedy}`);
}

/** @throws JobError with the problems that the new stack would have, once the values that are to be set have been */
async function tryOut(root: string, name: string, plan: NewStackPlan) {
  const { loadWith } = await import("../new-stack/try-out.js");
  const { spec, problems } = await loadWith(root, name, plan.trial);
  if (problems.length > 0 || spec === undefined) {
    const lines = problems.map(problemLine);
    throw new JobError([`The stack ${name} would have these problems, so nothing was written:`, ...lines].join("\n"));
  }
  const remaining = (await loadWith(root, name, plan.created)).problems.length;
  return { spec, remaining };
}

async function contents({ created, edited }: NewStackPlan): Promise<string> {
  const { lineDifference } = await import("../../promotion/line-difference.js");
  const files = Object.entries(created).map(([file, text]) => lineDifference(file, "", text));
  return [...files, ...edited.map(({ file, before, after }) => lineDifference(file, before, after))].join("");
}
