import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { dayOf, daysBetween, isDay } from "../../lib/time/calendar-day.js";
import { requireTenant } from "../load-tenant.js";
import type { Streams } from "../streams.js";

interface ResumeOptions {
  readonly stack: string;
  readonly sync?: string;
}

interface SuspendOptions extends ResumeOptions {
  readonly until: string;
  readonly reason: string;
}

/** Adds `tenant suspend` and `tenant resume`. @param tenant the command `tenant` @param now milliseconds since 1970 */
export function addSuspendCommands(
  tenant: Command,
  { out }: Streams,
  root: string,
  now: () => number = Date.now,
): void {
  tenant
    .command("suspend")
    .summary("have the files suspend a tenant's syncs until a day")
    .description(
      "write suspend and suspendUntil into the overlay of a tenant, with the reason as a comment; Flux then applies nothing and reverts nothing, and workloads go on running; needs no credentials, no cluster and no GitHub",
    )
    .argument("<name>", "name of the tenant")
    .requiredOption("--stack <stack>", "stack on which its syncs are suspended")
    .requiredOption("--until <day>", "last day in UTC, like 2027-01-31", day)
    .requiredOption("--reason <text>", "reason in one line", line)
    .option("--sync <sync>", "one sync only")
    .action(async (name: string, options: SuspendOptions, command: Command) => {
      const { LONGEST_EXCEPTION_DAYS } = await import("../../config/tenant/syncs/exceptions.js");
      const left = daysBetween(dayOf(now()), options.until);
      if (left < 0 || left > LONGEST_EXCEPTION_DAYS) {
        command.error(`error: ${options.until} must be at most ${LONGEST_EXCEPTION_DAYS} days from now, and not over`);
      }
      const syncs = await requireSyncs(command, root, name, options);
      const { suspendIn } = await import("./edit-overlay.js");
      const places = syncs.map(({ place }) => place);
      const file = await editOverlay(root, options.stack, name, (text) => suspendIn(text, places, options));
      const names = syncs.map((sync) => sync.name).join(", ");
      out(`${file} suspends ${names} until ${options.until}. ${nextStep(options.stack, name)}`);
    });
  tenant
    .command("resume")
    .summary("end the suspension of a tenant's syncs in the files")
    .description("remove suspend and suspendUntil from the overlay of a tenant")
    .argument("<name>", "name of the tenant")
    .requiredOption("--stack <stack>", "stack on which its syncs go on")
    .option("--sync <sync>", "one sync only")
    .action(async (name: string, options: ResumeOptions, command: Command) => {
      const suspended = (await requireSyncs(command, root, name, options)).filter(({ suspend }) => suspend);
      if (suspended.length === 0) command.error(`error: the files suspend no sync of ${name} on ${options.stack}.`);
      const { resumeIn } = await import("./edit-overlay.js");
      const places = suspended.map(({ place }) => place);
      const isSuspended = (other: string) => suspended.some((sync) => sync.name === other);
      const file = await editOverlay(root, options.stack, name, (text) => resumeIn(text, places), isSuspended);
      const names = suspended.map((sync) => sync.name).join(", ");
      out(`${file} suspends ${names} no longer. ${nextStep(options.stack, name)}`);
    });
}

function nextStep(stack: string, name: string): string {
  return `Commit it, and run npx fleet up ${stack} --tenant ${name}.\n`;
}

function day(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError("It must be a day of the calendar, like 2027-01-31.");
}

function line(text: string): string {
  if (text.trim() !== "" && !/\p{Cc}/u.test(text)) return text.trim();
  throw new InvalidArgumentError("It must be one line, like: Migration of the database.");
}

/** The syncs that a command means, with their places. An unknown one ends the command with exit code 2. */
async function requireSyncs(command: Command, root: string, name: string, { stack, sync }: ResumeOptions) {
  const { tenant } = await requireTenant(command, root, stack, name);
  const { placedParts } = await import("../../config/tenant/parts.js");
  const syncs = placedParts("sync", tenant.syncs);
  const found = syncs.filter((one) => sync === undefined || one.name === sync);
  if (found.length > 0) return found;
  const names = syncs.map((one) => one.name);
  const remedy = didYouMean(nearMatches(sync ?? "", names), `Its syncs are ${names.join(", ")}.`);
  return command.error(`error: ${name} has no sync ${JSON.stringify(sync)} on ${stack}. ${remedy}`);
}

/**
 * Edits the overlay of a tenant, once all stacks are sound with it. @returns the path of the file
 * @param isResumed whether a sync must be suspended no longer. @default - no sync must be
 */
async function editOverlay(
  root: string,
  stack: string,
  name: string,
  edit: (text: string) => string,
  isResumed: (sync: string) => boolean = () => false,
): Promise<string> {
  const { changeFiles, requireSound } = await import("./change-files.js");
  const file = `stacks/${stack}/tenants/${name}.yaml`;
  const before = readFileSync(join(root, file), "utf8");
  const changes = { edited: [{ file, before, after: edit(before) }] };
  const loaded = await requireSound(root, changes);
  const tenant = loaded.find((one) => one.stack === stack)?.spec?.tenants.find((one) => one.name === name);
  const still = tenant?.syncs.find((sync) => sync.suspend && isResumed(sync.name));
  if (still !== undefined) {
    const fix = `npx fleet show ${name} --stack ${stack} --origin names it: edit that file`;
    throw fleetError(file, "", `another file suspends ${still.name} too, so nothing was changed`, fix);
  }
  changeFiles(root, changes);
  return file;
}
