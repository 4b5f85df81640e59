import { type Command, Option } from "commander";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { parseUrl } from "../../lib/network/parse-url.js";
import type { CleanSystems, Found } from "../clean/clean-stack.js";
import { confirm } from "../confirm.js";
import { days } from "../days.js";
import { JobError } from "../explain.js";
import { loadStack } from "../load-stack.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { printData } from "../output/print-data.js";
import { withProgress } from "../output/progress.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

function unusedForOption(): Option {
  const help = "leave keys and webhooks that were registered or used since, such as 30d";
  return new Option("--unused-for <days>", help).argParser(days).default(7, "7d");
}

interface CleanOptions {
  readonly unusedFor: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly output: DataForm;
}

/** Asks a question. @returns whether the answer is yes */
type Ask = (question: string) => Promise<boolean>;

const examples = `
Examples:
  npx fleet clean staging --dry-run                 lists the keys and webhooks, and removes nothing
  npx fleet clean staging                           asks, then removes what was unused for 7 days
  npx fleet clean staging --unused-for 0d --yes     also what was used a moment ago: see docs/operate/clean.md
`;

/**
 * Adds `clean`.
 * @param use the systems that it uses @default - those of this process
 * @param ask asks for consent. Undefined without a terminal
 */
export function addCleanCommand(
  program: Command,
  streams: Streams,
  root: string,
  use?: CleanSystems,
  ask: Ask | undefined = askerOf(streams),
): void {
  program
    .command("clean")
    .summary("remove deploy keys and webhooks that a lost state left behind on GitHub")
    .description(
      "list, and after a question remove, the deploy keys and webhooks on GitHub that have the name of a stack's cluster, and that are neither in the stack's state nor used by a Secret or Receiver of the cluster; refuses while an update runs",
    )
    .argument("<stack>", "stack whose cluster is read")
    .addOption(unusedForOption())
    .option("--dry-run", "list them only", false)
    .option("--yes", "remove without asking", false)
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async (named: string, options: CleanOptions, command: Command) => {
      const stack = await requireStack(command, root, named);
      const spec = await specOf(root, stack);
      await requireOwnName(root, stack, spec);
      // Imported here, because the client of Kubernetes takes half a second.
      const { cleanSystems, findLeftBehind, readerOf, removeLeftBehind, requireNoUpdate } = await import(
        "../clean/clean-stack.js"
      );
      const systems = use ?? cleanSystems;
      const reader = readerOf(spec, systems.environment);
      const args = { root, stack, spec, unusedDays: options.unusedFor };
      const found = await withProgress(`Reading GitHub and the cluster of ${stack}`, () => {
        return findLeftBehind(args, reader, systems);
      });
      streams.out(printed(reader.owner, found, options.output));
      const removed = found.leftBehind.filter(({ stays }) => stays === undefined);
      if (options.dryRun || removed.length === 0) return;
      await requireConsent(command, removed.length, options.yes, ask);
      await requireNoUpdate(args, systems);
      for (const one of removed) await removeLeftBehind(reader, one);
      streams.err(`Removed ${countOf(removed.length)}.\n`);
    });
}

async function specOf(root: string, stack: string): Promise<FleetSpec> {
  const { spec, problems, uncheckedKeys } = await loadStack(root, stack, { allowUnpinned: true });
  if (problems.length > 0) throw new FleetError(problems);
  if (spec !== undefined) return spec;
  const message = `is encrypted, so the repositories of the stack are unknown: ${uncheckedKeys.join(", ")}`;
  throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
}

/** @throws FleetError if another stack has the name of the cluster, or its address: the keys of both look the same */
async function requireOwnName(root: string, stack: string, { cluster, flux }: FleetSpec): Promise<void> {
  const { readStackFile } = await import("../../config/stack/stack-file.js");
  const others = (await findStacks(root)).filter((one) => one !== stack);
  const same = others.filter((one) => {
    const { config } = readStackFile(root, one);
    const hasAddress = flux.webhookUrl !== undefined && originOf(config.webhookUrl) === originOf(flux.webhookUrl);
    return (config.cluster || one) === cluster || hasAddress;
  });
  if (same.length === 0) return;
  const message = `has the cluster name or the webhook address of ${same.join(", ")} too, so nothing tells their keys apart`;
  const fix = "Give each stack a fleet:cluster and a fleet:webhookUrl of its own";
  throw fleetError(`Pulumi.${stack}.yaml`, "fleet:cluster", message, fix);
}

/** Webhooks are told apart by the origin, which has many spellings. */
function originOf(url: string | undefined): string | undefined {
  return parseUrl(url ?? "")?.origin;
}

function printed(owner: string, { leftBehind, archived, unseen, unusedDays }: Found, form: DataForm): string {
  const rows = leftBehind.map(({ kind, repository, title, fingerprint = "", stays }) => {
    return [
      kind,
      `${owner}/${repository}`,
      title,
      fingerprint,
      stays === undefined ? "to be removed" : `stays: ${stays}`,
    ];
  });
  const table = { head: ["Kind", "Repository", "Title", "Fingerprint", "Result"], rows };
  const text = printData({ data: { leftBehind, archived, unseen, unusedDays }, tables: [table] }, form);
  if (form !== "table") return text;
  const skipped = notRead("they are archived", archived) + notRead("GitHub shows no such repositories", unseen);
  return leftBehind.length === 0 ? `Nothing was left behind.\n${skipped}` : `${text}${skipped}`;
}

function notRead(reason: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `Not read, because ${reason}: ${names.join(", ")}.\n`;
}

/** Only a terminal that shows the list may answer. */
function askerOf({ isTerminal = false }: Streams): Ask | undefined {
  const isAsked = isTerminal && process.stdin.isTTY;
  return isAsked ? (question) => confirm(question, process.stdin, process.stdout) : undefined;
}

async function requireConsent(command: Command, count: number, yes: boolean, ask: Ask | undefined): Promise<void> {
  if (yes) return;
  if (ask === undefined) command.error("error: without a terminal, clean needs --yes. Nothing was removed.");
  if (!(await ask(`Remove ${countOf(count)} from GitHub? [y/N] `))) throw new JobError("Nothing was removed.");
}

function countOf(count: number): string {
  return count === 1 ? "1 registration" : `${count} registrations`;
}
