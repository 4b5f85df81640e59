import { type Command, InvalidArgumentError, Option } from "commander";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import type { OtherStack } from "../../operate/verify/github.js";
import type { Verification } from "../../operate/verify/verification.js";
import { FindingsError } from "../exit-code.js";
import { loadStack } from "../load-stack.js";
import { type DataForm, type dataForms, outputOption } from "../output/output-option.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import type { VerifySystems } from "../verify/verify-stack.js";
import { projectVersion } from "../version.js";

interface VerifyOptions {
  readonly output: DataForm | "junit" | "sarif";
  readonly withoutGithub: boolean;
  readonly accept: readonly string[];
  readonly maxKeyAge?: number;
  readonly manifests?: string;
}

const examples = `
Examples:
  npx fleet verify staging                                  all checks, for people
  npx fleet verify staging --max-key-age 90d                and no deploy key older than 90 days
  npx fleet verify staging --without-github                 the cluster alone, without a token
  npx fleet verify staging --accept "APIService v1.x"       and take this extension of the API server for no finding
  npx fleet verify staging --output sarif > verify.sarif    for GitHub's code scanning
  npx fleet verify staging --output junit > verify.xml      for a CI system
`;

/** Adds `verify`. @param use the systems that it uses @default - those of this process */
export function addVerifyCommand(program: Command, streams: Streams, root: string, use?: VerifySystems): void {
  program
    .command("verify")
    .summary("prove that a live cluster, and GitHub, are what the files of a stack say")
    .description(
      "compare the cluster that KUBECONFIG leads to, and GitHub, with everything that the program registers: controllers, each object field by field, admission policies by dry runs of known violations, the rights of tenants' accounts, network policies, quotas, deploy keys, rulesets, webhooks and syncs; changes nothing",
    )
    .argument("<stack>", "stack whose cluster is read")
    .addOption(outputOption("junit", "sarif"))
    .option("--max-key-age <days>", "oldest age of a deploy key, like 90d", days)
    .option(
      "--accept <object>",
      'webhook, mutating policy or API server that is no finding, like "APIService NAME"; repeatable',
      (object: string, before: readonly string[]) => [...before, object],
      [],
    )
    .option("--without-github", "look at the cluster alone; needs no GITHUB_TOKEN", false)
    .addOption(
      new Option(
        "--manifests <folder>",
        "folder with Flux's manifests, as VERSION/install.yaml; others are fetched",
      ).env("FLEET_MANIFESTS"),
    )
    .addHelpText("after", examples)
    .action(async (named: string, options: VerifyOptions, command: Command) => {
      const stack = await requireStack(command, root, named);
      const verification = await verify({ root, stack, options, streams, use });
      streams.out(await printed(verification, options.output));
      const count = verification.checks.reduce((sum, { findings }) => sum + findings.length, 0);
      if (count > 0)
        throw new FindingsError(`The stack ${stack} has ${count} ${count === 1 ? "finding" : "findings"}.`);
    });
}

interface RunArgs {
  readonly root: string;
  readonly stack: string;
  readonly options: VerifyOptions;
  readonly streams: Streams;
  readonly use: VerifySystems | undefined;
}

async function verify({ root, stack, options, streams, use }: RunArgs): Promise<Verification> {
  const { spec, problems, uncheckedKeys } = await loadStack(root, stack);
  if (problems.length > 0) throw new FleetError(problems);
  if (spec === undefined) {
    const message = `is encrypted, so the plan of the stack is unknown: ${uncheckedKeys.join(", ")}`;
    throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
  }
  // Imported here, because other commands need neither the checks nor the clients.
  const { verifyStack } = await import("../verify/verify-stack.js");
  const args = {
    root,
    stack,
    spec,
    others: await otherStacks(root, stack),
    manifests: options.manifests,
    withoutGitHub: options.withoutGithub,
    accepted: options.accept,
    maxKeyDays: options.maxKeyAge,
    environment: process.env,
    progress: (line: string) => process.stderr.isTTY && streams.err(`${line} …\n`),
  };
  return await verifyStack(args, use);
}

/** The other stacks of the checkout. Their settings may be encrypted or faulty: their names and addresses are enough. */
async function otherStacks(root: string, stack: string): Promise<OtherStack[]> {
  const [{ readTenantFiles }, { readStackFile }] = await Promise.all([
    import("../../config/files/tenant-files.js"),
    import("../../config/stack/stack-file.js"),
  ]);
  const others = (await findStacks(root)).filter((one) => one !== stack);
  return others.map((one) => {
    const tenants = [...readTenantFiles(root, one).overlays.keys()];
    return { stack: one, tenants, webhookUrl: readStackFile(root, one).config.webhookUrl };
  });
}

async function printed(verification: Verification, output: VerifyOptions["output"]): Promise<string> {
  if (output === "junit") return (await import("../../operate/verify/report/junit.js")).junitOf(verification);
  if (output === "sarif") {
    const { sarifOf } = await import("../../operate/verify/report/sarif.js");
    return sarifOf(verification, projectVersion());
  }
  const { tablesOf } = await import("../../operate/verify/report/tables.js");
  const { printData } = await import("../output/print-data.js");
  return printData({ data: verification, tables: tablesOf(verification) }, output satisfies (typeof dataForms)[number]);
}

function days(text: string): number {
  const [, number] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number);
  throw new InvalidArgumentError("It must be a number of days, like 90d.");
}
