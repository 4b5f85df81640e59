import { type Command, InvalidArgumentError, Option } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { OutputForm } from "../../review/document/print.js";
import { endBySignal } from "../diff/end-by-signal.js";
import { type PullRequestName, parsePullRequest } from "../github/pull-request-name.js";
import { findStacks } from "../stacks.js";
import type { Streams } from "../streams.js";
import { liveOption, refreshOption, requireLiveStack } from "./live-stack.js";

interface DiffOptions {
  readonly base: string;
  readonly live: boolean;
  readonly refresh: boolean;
  readonly output: OutputForm;
  readonly limit: number;
  readonly manifests?: string;
  readonly withoutFlux: boolean;
  readonly comment?: PullRequestName;
}

const examples = `
Examples:
  npx fleet diff                                  all stacks, compared with origin/main
  npx fleet diff --base HEAD~1 staging            one stack, compared with the commit before
  npx fleet diff --output markdown > review.md    to a file
  npx fleet diff --comment acme/fleet#12          on a pull request, with the token in GITHUB_TOKEN
  npx fleet diff --live staging                   one stack, compared with its state, its cluster and GitHub
`;

/** Adds `diff`. */
export function addDiffCommand(program: Command, streams: Streams, root: string): void {
  program
    .command("diff")
    .summary("print what a change registers differently, for its reviewer")
    .description(
      "compare what the program registers before and after a change, from the files and the program of both revisions: first what breaks a rule and what is irreversible or loses data, then privileges gained and lost, then each tenant, then the platform and Flux; needs no credentials, no cluster and no GitHub account, but for --comment and --live",
    )
    .argument("[stack...]", "stacks to compare; when left out: all stacks of both revisions")
    .option(
      "--base <revision>",
      "revision that the change begins at: the newest commit that it shares with the working tree",
      "origin/main",
    )
    .addOption(liveOption())
    .addOption(refreshOption())
    .addOption(
      new Option("--output <form>", "form of the document").choices(["markdown", "text", "json"]).default("text"),
    )
    .option("--limit <characters>", "most characters; the least important parts are left out first", characters, 65_000)
    .addOption(
      new Option(
        "--manifests <folder>",
        "folder with Flux's manifests, as VERSION/install.yaml; others are fetched",
      ).env("FLEET_MANIFESTS"),
    )
    .option("--without-flux", "leave out Flux's own objects, whose manifest is fetched from GitHub", false)
    .option(
      "--comment <pull request>",
      "write the document as Markdown in a comment on this pull request, OWNER/REPO#NUMBER; a later run edits the comment",
      pullRequest,
    )
    .addHelpText("after", examples)
    .action((named: readonly string[], options: DiffOptions, command: Command) =>
      endBySignal(() => printDiff(command, { named, options, root, streams })),
    );
}

interface PrintArgs {
  readonly named: readonly string[];
  readonly options: DiffOptions;
  readonly root: string;
  readonly streams: Streams;
}

/** Prints the document, writes the comment, and then fails if a rule is broken. */
async function printDiff(command: Command, { named, options, root, streams }: PrintArgs): Promise<void> {
  // Imported here, because the other commands need none of these.
  const [
    { compareRevisions },
    { compareLive },
    { prepareReviewComment },
    { findingProblem, isBlocking },
    { printWithin },
    { printers },
  ] = await Promise.all([
    import("../diff/compare.js"),
    import("../diff/compare-live.js"),
    import("../diff/review-comment.js"),
    import("../../review/rules/judge.js"),
    import("../../review/document/print-within.js"),
    import("../../review/document/print.js"),
  ]);
  const stacks = named.length === 0 ? undefined : named;
  const today = new Date().toISOString().slice(0, 10);
  const liveStack = await requireLiveStack(command, { root, named, ...options });
  const comment = options.comment && (await prepareReviewComment(options.comment, process.env));
  const { document, findings } =
    liveStack === undefined
      ? await compareRevisions({ checkout: root, stacks, today, ...options })
      : await compareLive({ checkout: root, stack: liveStack, today, ...options });
  await requireStacks(command, { root, named, compared: document.stacks });
  streams.out(printWithin(document, printers[options.output], options.limit));
  const written = await comment?.write(document, options.limit);
  if (written !== undefined) streams.err(`Comment ${written.outcome}: ${written.url}\n`);
  const blocking = findings.filter(isBlocking);
  if (blocking.length > 0) throw new FleetError(blocking.map(findingProblem));
}

/** Ends the command with exit code 2 when neither revision has a named stack. */
async function requireStacks(
  command: Command,
  {
    root,
    named,
    compared,
  }: { readonly root: string; readonly named: readonly string[]; readonly compared: readonly string[] },
): Promise<void> {
  const known = [...new Set([...(await findStacks(root)), ...compared])].sort();
  const unknown = named.find((stack) => !known.includes(stack));
  if (unknown === undefined) return;
  const remedy = didYouMean(nearMatches(unknown, known), `The stacks are ${known.join(", ")}.`);
  command.error(`error: neither revision has a stack ${JSON.stringify(unknown)}. ${remedy}`);
}

function pullRequest(text: string): PullRequestName {
  const parsed = parsePullRequest(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError("It must have the form OWNER/REPO#NUMBER, such as acme/fleet#12.");
}

function characters(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1000) return value;
  throw new InvalidArgumentError("It must be a number of at least 1000.");
}
