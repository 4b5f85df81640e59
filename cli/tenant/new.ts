import { type Command, InvalidArgumentError } from "commander";
import { dnsLabel } from "../../config/rules/names.js";
import { finishEarlier } from "../finish-earlier.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import { splitList } from "./options.js";

interface NewOptions {
  readonly stack: readonly string[];
  readonly description?: string;
  readonly team?: string;
  readonly members: readonly string[];
  readonly viewers: readonly string[];
  readonly size?: string;
  readonly dryRun: boolean;
}

const examples = `
Examples:
  npx fleet tenant new team-shop --stack staging --viewers shop-developers
  npx fleet tenant new team-shop --stack staging prod-eu --team shop --members ann,bob
  npx fleet tenant new team-shop --stack staging --dry-run          prints the files only
`;

/** Adds `tenant new`. @param tenant the command `tenant` */
export function addNewTenantCommand(tenant: Command, { out }: Streams, root: string): void {
  tenant
    .command("new")
    .summary("write the files of a new tenant")
    .description(
      "write the base file of a new tenant, and an overlay for each stack; the files are checked together with all others before the first is written, and nothing is overwritten; needs no credentials, no cluster and no GitHub",
    )
    .argument("<name>", "name of the new tenant", newName)
    .requiredOption("--stack <stack...>", "stacks that it runs on")
    .option("--description <text>", "its purpose, in one line")
    .option("--team <team>", "GitHub team that may push to its repository")
    .option("--members <logins>", "logins of the team's members, joined by commas", splitList, [])
    .option("--viewers <groups>", "groups of the identity provider that may read, joined by commas", splitList, [])
    .option("--size <size>", "size of its quota, such as small")
    .option("--dry-run", "print the files and their content only", false)
    .addHelpText("after", examples)
    .action(async (name: string, options: NewOptions, command: Command) => {
      await writeNewTenant(name, options, { command, out, root });
    });
}

async function writeNewTenant(
  name: string,
  { description, team, members, viewers, size, dryRun, stack: given }: NewOptions,
  { command, out, root }: { readonly command: Command; readonly out: Streams["out"]; readonly root: string },
): Promise<void> {
  if (team === undefined && members.length > 0) command.error("error: --members needs --team");
  // Imported here, because the other commands need none of these.
  const [{ newTenantFiles }, { readStackFile }, { requireAbsent, requireSound }, { writeAll }] = await Promise.all([
    import("../../operate/tenant/new-files.js"),
    import("../../config/stack/stack-file.js"),
    import("./change-files.js"),
    import("../new-stack/write-files.js"),
  ]);
  await finishEarlier(root, out, dryRun);
  const stacks = [];
  for (const one of new Set(given)) {
    const stack = await requireStack(command, root, one);
    stacks.push({ stack, from: readStackFile(root, stack).config.promotesFrom || undefined });
  }
  const ownTeam = team === undefined ? undefined : { name: team, members };
  const created = newTenantFiles({ name, description, team: ownTeam, viewers, size, stacks });
  requireAbsent(root, created);
  await requireSound(root, { created });
  if (dryRun) {
    const { lineDifference } = await import("../../promotion/line-difference.js");
    for (const [file, text] of Object.entries(created)) out(lineDifference(file, "", text));
    return;
  }
  writeAll(root, created, []);
  const names = stacks.map(({ stack }) => stack);
  out(report(name, Object.keys(created), names));
}

/** A name that is none could lead out of the folder of the files. */
function newName(text: string): string {
  const violation = dnsLabel.check(text);
  if (violation === undefined) return text;
  throw new InvalidArgumentError([`It ${violation.message}.`, violation.fix].filter((part) => part).join(" "));
}

function report(name: string, files: readonly string[], stacks: readonly string[]): string {
  const steps = [
    "npm run golden, and commit the new inventory with the files; npx fleet diff shows the change to its reviewer",
    ...stacks.map((stack) => `npx fleet up ${stack} --tenant ${name}, after the merge`),
    ...stacks.map((stack) => `npx fleet guide ${stack} ${name}, which prints the page for the team`),
  ];
  const created = [`Created the tenant ${name}:`, ...files.map((file) => `  ${file}`)];
  return `${[...created, "Next steps:", ...steps.map((step, index) => `  ${index + 1}. ${step}`)].join("\n")}\n`;
}
