import type { Command } from "commander";
import type { Verification } from "../../operate/verify/verification.js";
import { FindingsError } from "../exit-code.js";
import { type DataForm, type dataForms, outputOption } from "../output/output-option.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import {
  acceptOption,
  choicesOf,
  manifestsOption,
  maxKeyAgeOption,
  refuseUnusedAddress,
  sshAddressOption,
  type VerifyOptions,
} from "../verify/options.js";
import type { VerifySystems } from "../verify/verify-stack.js";
import { projectVersion } from "../version.js";

interface CommandOptions extends VerifyOptions {
  readonly output: DataForm | "junit" | "sarif";
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
    .addOption(maxKeyAgeOption())
    .addOption(acceptOption())
    .option("--without-github", "look at the cluster alone; needs no GITHUB_TOKEN", false)
    .addOption(sshAddressOption())
    .addOption(manifestsOption())
    .addHelpText("after", examples)
    .action(async (named: string, options: CommandOptions, command: Command) => {
      refuseUnusedAddress(command, options);
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
  readonly options: CommandOptions;
  readonly streams: Streams;
  readonly use: VerifySystems | undefined;
}

async function verify({ root, stack, options, streams, use }: RunArgs): Promise<Verification> {
  // Imported here, because the client of Kubernetes takes half a second.
  const [{ verifyStack }, { loadVerifyArgs }] = await Promise.all([
    import("../verify/verify-stack.js"),
    import("../verify/load-verify-args.js"),
  ]);
  const args = await loadVerifyArgs({
    root,
    stack,
    ...choicesOf(options),
    environment: process.env,
    progress: (line: string) => process.stderr.isTTY && streams.err(`${line} …\n`),
  });
  return await verifyStack(args, use);
}

async function printed(verification: Verification, output: CommandOptions["output"]): Promise<string> {
  if (output === "junit") return (await import("../../operate/verify/report/junit.js")).junitOf(verification);
  if (output === "sarif") {
    const { sarifOf } = await import("../../operate/verify/report/sarif.js");
    return sarifOf(verification, projectVersion());
  }
  const { tablesOf } = await import("../../operate/verify/report/tables.js");
  const { printData } = await import("../output/print-data.js");
  return printData({ data: verification, tables: tablesOf(verification) }, output satisfies (typeof dataForms)[number]);
}
