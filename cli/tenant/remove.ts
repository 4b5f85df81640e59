import type { Command } from "commander";
import { confirm } from "../confirm.js";
import { JobError } from "../explain.js";
import { finishEarlier } from "../finish-earlier.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import type { RemovalFiles } from "./removal-files.js";

interface RemoveOptions {
  readonly stack?: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Asks a question. @returns whether the answer is yes */
type Ask = (question: string) => Promise<boolean>;

const examples = `
Examples:
  npx fleet tenant remove team-shop --dry-run             says what goes and what stays, and changes nothing
  npx fleet tenant remove team-shop --stack staging       from one stack, after a question
  npx fleet tenant remove team-shop --yes                 from all stacks
`;

/**
 * Adds `tenant remove`.
 * @param tenant the command `tenant`
 * @param ask asks for consent. Undefined without a terminal
 */
export function addRemoveCommand(
  tenant: Command,
  streams: Streams,
  root: string,
  ask: Ask | undefined = askerOf(streams),
): void {
  const { out } = streams;
  tenant
    .command("remove")
    .summary("say what the removal of a tenant loses, and remove its files")
    .description(
      "print the effects on data, repositories and people, and then remove the tenant's files of all stacks or of some; the files of all stacks are checked before the first is removed, and pulumi up does the rest; needs no credentials, no cluster and no GitHub",
    )
    .argument("<name>", "name of the tenant")
    .option("--stack <stack...>", "stacks that run it no longer (default: all stacks)")
    .option("--dry-run", "print the effects and the files only", false)
    .option("--yes", "remove without asking", false)
    .addHelpText("after", examples)
    .action(async (name: string, options: RemoveOptions, command: Command) => {
      const { dryRun, yes } = options;
      await finishEarlier(root, out, dryRun);
      // Imported here, because the other commands need neither parsers nor schemas.
      const [effects, { removalFiles }, { requireSoundAfter }] = await Promise.all([
        import("../../operate/tenant/removal.js"),
        import("./removal-files.js"),
        import("./try-writes.js"),
      ]);
      const removal = await removalOf(command, root, name, options.stack);
      const { stacks } = removal;
      const archived = effects.archivedRepositories(removal);
      const isLast = effects.remainingStacks(removal).length === 0;
      const changes = removalFiles(root, { tenant: name, stacks, isLast, archived });
      await requireSoundAfter(root, changes.writes);
      const sections = effects.effectsOfRemoval(removal).map(({ place, sentences }) => section(`${place}:`, sentences));
      out([`Removal of ${name} from ${stacks.join(", ")}`, "", ...sections, fileSection(changes), ""].join("\n"));
      if (dryRun) return;
      await requireConsent(command, yes, ask);
      const { writeFiles } = await import("../write-journal.js");
      writeFiles(root, changes.writes);
      const steps = effects.stepsOfRemoval(removal).map((step, index) => `  ${index + 1}. ${step}\n`);
      out(`Removed the files of ${name}. Next steps:\n${steps.join("")}`);
    });
}

/** Only a terminal that shows the effects may answer. */
function askerOf({ isTerminal = false }: Streams): Ask | undefined {
  const isAsked = isTerminal && process.stdin.isTTY;
  return isAsked ? (question) => confirm(question, process.stdin, process.stdout) : undefined;
}

async function requireConsent(command: Command, yes: boolean, ask: Ask | undefined): Promise<void> {
  if (yes) return;
  if (ask === undefined) command.error("error: without a terminal, remove needs --yes. Nothing was changed.");
  if (!(await ask("Remove these files? [y/N] "))) throw new JobError("Nothing was changed.");
}

/** The removal that a command means. An unknown tenant or stack ends the command with exit code 2. */
async function removalOf(command: Command, root: string, name: string, given: readonly string[] | undefined) {
  const { loadFleet, requireStacksOf } = await import("./load-fleet.js");
  const named = [...new Set(given)].sort();
  for (const stack of named) await requireStack(command, root, stack);
  const fleet = await loadFleet(root);
  const running = requireStacksOf(command, fleet, name).map(({ stack }) => stack);
  const without = named.filter((stack) => !running.includes(stack));
  if (without.length > 0) {
    command.error(`error: ${without.join(", ")} has no tenant ${name}. It runs on ${running.join(", ")}.`);
  }
  return { name, fleet, stacks: named.length === 0 ? running : named };
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function fileSection({ writes, settings, mentions }: RemovalFiles): string {
  const changes = writes.map(({ file, before, after }) => {
    if (after === null) return `remove ${file}`;
    return before === null ? `create ${file}` : `edit ${file}: without ${settings.get(file)?.join(" and ")}`;
  });
  const files = section("Files:", changes);
  if (mentions.length === 0) return files;
  const hint = "These lines still name it. A later tenant or repository of the name gets what they allow:";
  return `${files}\n${section(hint, mentions)}`;
}
