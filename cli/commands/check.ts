import { readdirSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { stackName } from "../../config/rules/names.js";
import type { StackFile } from "../../config/stack/stack-file.js";
import { problemsOf } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
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
    .action(async (stacks: readonly string[]) => {
      const { findStacks } = await import("../../config/files/tenant-files.js");
      const wanted = stacks.length > 0 ? stacks : sortedUnion(findStacks(root).stacks, stacksWithFile(root));
      if (wanted.length === 0) throw new FleetError([noStack]);
      const problems: Problem[] = [];
      for (const stack of wanted) {
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

const noStack: Problem = {
  file: "stacks",
  path: "",
  message: "has no stack, and there is no Pulumi.STACK.yaml",
  fix: "Create stacks/STACK/tenants and Pulumi.STACK.yaml",
};

function stacksWithFile(root: string): string[] {
  return readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

function sortedUnion(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}

/** The problems of one stack's files. Without any, the summary counts what the stack has. */
async function checkStack(
  root: string,
  stack: string,
): Promise<{ readonly problems: readonly Problem[]; readonly summary: string }> {
  // Imported here, because the other commands need neither the parsers nor the schemas.
  const [{ readStackFile }, { loadFleetSpec }, { lockProblems }] = await Promise.all([
    import("../../config/stack/stack-file.js"),
    import("../../config/load.js"),
    import("../../flux/release/lock.js"),
  ]);
  const file = readStackFile(root, stack);
  try {
    const spec = loadFleetSpec({
      root,
      stack,
      config: file.config,
      disabledDefaultProviders: file.disabledDefaultProviders,
      filesOnly: true,
      environment: { PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(file.encryptedKeys) },
      additionalProblems: [...file.problems, ...lockProblems(root, file.config.fluxVersion)],
    });
    return { problems: [], summary: summaryOf(spec, file) };
  } catch (error) {
    const problems = relevantProblems(problemsOf(error), file);
    return { problems, summary: `no problems found; ${uncheckedNote(file)}` };
  }
}

/** Problems with the lines of the stack's file, without those that follow from an unreadable or encrypted value. */
function relevantProblems(problems: readonly Problem[], stackFile: StackFile): readonly Problem[] {
  const { file, uncheckedKeys, lineOf } = stackFile;
  const isUnchecked = ({ path }: Problem) =>
    uncheckedKeys.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
  return problems
    .filter(
      (problem) => problem.file !== file || stackFile.problems.length === 0 || stackFile.problems.includes(problem),
    )
    .filter((problem) => problem.file !== file || !isUnchecked(problem))
    .map((problem) => (problem.file === file ? { ...problem, line: problem.line ?? lineOf(problem.path) } : problem));
}

function summaryOf({ tenants, flux }: FleetSpec, file: StackFile): string {
  const summary = `${tenants.length} ${tenants.length === 1 ? "tenant" : "tenants"}, Flux ${flux.version}`;
  return file.uncheckedKeys.length === 0 ? summary : `${summary}; ${uncheckedNote(file)}`;
}

function uncheckedNote({ uncheckedKeys }: StackFile): string {
  return `encrypted, so not checked: ${uncheckedKeys.join(", ")}`;
}
