import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { Report } from "../../operate/report/report.js";
import { CouldNotLookError, FindingsError } from "../exit-code.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { printData } from "../output/print-data.js";
import type { StackOutcome } from "../report/output.js";
import type { PagePlace } from "../report/write-page.js";
import { requireStack } from "../stacks.js";
import { contextOption } from "../status/context-option.js";
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

/** The systems that the command uses, for tests. */
export interface ReportSystems {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** @default - those of this process */
  readonly verify?: VerifySystems;
}

const systems: ReportSystems = { environment: process.env, now: Date.now };

/** A report is no quick look: answers may take their time. */
const limits = { answerMs: 30_000, loginMs: 10_000 };

interface ReportOptions extends VerifyOptions {
  readonly html: string;
  readonly since?: string;
  readonly force: boolean;
  readonly context: ReadonlyMap<string, string>;
  readonly output: DataForm;
}

const examples = `
Examples:
  npx fleet report staging --html staging.html                         one stack
  npx fleet report staging prod-eu --html fleet.html                   two clusters, each by a context of KUBECONFIG
  npx fleet report staging --html new.html --since old.html            and what changed since an earlier report
  npx fleet report staging --html staging.html --without-github        the cluster alone, without a token
`;

/** Adds `report`. @param use the systems that it uses */
export function addReportCommand(program: Command, streams: Streams, root: string, use = systems): void {
  program
    .command("report")
    .summary("write a page that shows stacks, and the proof of their isolation")
    .description(
      "verify stacks, and write one HTML page that loads nothing: a map of clusters, repositories, syncs and namespaces, the rights of tenants' accounts with their proof, dry runs of admission policies, quotas, keys, findings, and what changed since an earlier report; changes nothing on clusters and GitHub",
    )
    .argument("<stack...>", "stacks of the report")
    .requiredOption("--html <file>", "file of the page; an earlier report is replaced, and compared with the new one")
    .option("--since <file>", "earlier report that is compared with the new one, in place of the one in the file")
    .option("--force", "replace the file whatever it is", false)
    .addOption(contextOption())
    .addOption(maxKeyAgeOption())
    .addOption(acceptOption())
    .option("--without-github", "look at the clusters alone; needs no GITHUB_TOKEN", false)
    .addOption(sshAddressOption())
    .addOption(manifestsOption())
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async (named: readonly string[], options: ReportOptions, command: Command) => {
      refuseUnusedAddress(command, options);
      const stacks = [...new Set(named)];
      for (const stack of [...stacks, ...options.context.keys()]) await requireStack(command, root, stack);
      await run(command, { root, stacks, options, streams, use });
    });
}

interface RunArgs {
  readonly root: string;
  readonly stacks: readonly string[];
  readonly options: ReportOptions;
  readonly streams: Streams;
  readonly use: ReportSystems;
}

async function run(command: Command, { root, stacks, options, streams, use }: RunArgs): Promise<void> {
  // Imported here, because the client of Kubernetes and the renderer of the page take time to load.
  const [
    { looksForReport },
    { buildReport },
    { changesSince },
    { reportPage },
    writing,
    { reportOutput, stackOutcomes },
  ] = await Promise.all([
    import("../report/look-for-report.js"),
    import("../../operate/report/build-report.js"),
    import("../../operate/report/changes.js"),
    import("../../operate/report/page/page.js"),
    import("../report/write-page.js"),
    import("../report/output.js"),
  ]);
  const place = writing.pagePlace(options.html, options.force);
  if ("problem" in place) return command.error(`error: ${place.problem}`);
  const earlier = await earlierReport(command, options.since, place);
  const looks = await looksForReport({
    root,
    stacks,
    chosen: options.context,
    environment: use.environment,
    limits,
    now: use.now(),
    choices: choicesOf(options),
    progress: (line) => process.stderr.isTTY && streams.err(`${line} …\n`),
    use: use.verify,
  });
  const report = buildReport(looks, use.now());
  const changes = earlier && changesSince(earlier, report);
  writing.writePage(place, reportPage(report, changes));
  const outcomes = stackOutcomes(report);
  streams.out(printData(reportOutput(outcomes, options.html, changes), options.output));
  judge(report, outcomes);
}

async function earlierReport(
  command: Command,
  since: string | undefined,
  { earlier }: PagePlace,
): Promise<Report | undefined> {
  if (since === undefined) return earlier;
  if (!existsSync(since)) return command.error(`error: --since: ${since} does not exist.`);
  const { reportInFile } = await import("../report/write-page.js");
  const read = reportInFile(since);
  return "report" in read ? read.report : command.error(`error: --since: ${since} ${read.problem}.`);
}

/** @throws CouldNotLookError when a look is incomplete, and FindingsError when a stack has findings */
function judge(report: Report, outcomes: readonly StackOutcome[]): void {
  const problems = report.stacks.flatMap(({ stack, problems: own }) => {
    return own.map((message) => ({ file: stack, path: "", message }));
  });
  const silent = outcomes.filter(
    ({ stack, isIncomplete }) => isIncomplete && problems.every(({ file }) => file !== stack),
  );
  const all = [...problems, ...silent.map(({ stack }) => ({ file: stack, path: "", message: "could not be read" }))];
  if (all.length > 0) throw new CouldNotLookError(all);
  const found = outcomes.filter(({ findings, deviations }) => findings + deviations > 0);
  if (found.length === 0) return;
  throw new FindingsError(found.map(({ stack, result }) => `The stack ${stack}: ${result}.`).join("\n"));
}
