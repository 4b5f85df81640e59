import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Command, InvalidArgumentError } from "commander";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { dayOf, daysBetween, isDay } from "../../lib/time/calendar-day.js";
import { finishEarlier } from "../finish-earlier.js";
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
      await finishEarlier(root, out, false);
      const { tenant: before, syncs } = await requireSyncs(command, root, name, options);
      const { suspendIn } = await import("./edit-overlay.js");
      const places = syncs.map(({ place }) => place);
      const edit = (text: string) => suspendIn(text, places, options);
      const file = await editOverlay({ root, stack: options.stack, before, edit });
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
      await finishEarlier(root, out, false);
      const { tenant: before, syncs } = await requireSyncs(command, root, name, options);
      const suspended = syncs.filter(({ suspend }) => suspend);
      if (suspended.length === 0) command.error(`error: the files suspend no sync of ${name} on ${options.stack}.`);
      const { resumeIn } = await import("./edit-overlay.js");
      const places = suspended.map(({ place }) => place);
      const isSuspended = (other: string) => suspended.some((sync) => sync.name === other);
      const edit = (text: string) => resumeIn(text, places);
      const file = await editOverlay({ root, stack: options.stack, before, edit, isResumed: isSuspended });
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

/** The tenant, and the syncs of it that a command means, with their places. An unknown one ends the command with exit code 2. */
async function requireSyncs(command: Command, root: string, name: string, { stack, sync }: ResumeOptions) {
  const { tenant } = await requireTenant(command, root, stack, name);
  const { placedParts } = await import("../../config/tenant/parts.js");
  const syncs = placedParts("sync", tenant.syncs);
  const found = syncs.filter((one) => sync === undefined || one.name === sync);
  if (found.length > 0) return { tenant, syncs: found };
  const names = syncs.map((one) => one.name);
  const remedy = didYouMean(nearMatches(sync ?? "", names), `Its syncs are ${names.join(", ")}.`);
  return command.error(`error: ${name} has no sync ${JSON.stringify(sync)} on ${stack}. ${remedy}`);
}

/** An edit of a tenant's overlay. */
interface OverlayEdit {
  readonly root: string;
  readonly stack: string;
  /** The tenant as it is. */
  readonly before: TenantSpec;
  readonly edit: (text: string) => string;
  /** Whether a sync must be suspended no longer. @default - no sync must be */
  readonly isResumed?: (sync: string) => boolean;
}

/** Edits the overlay of a tenant, once all stacks are sound with it. @returns the path of the file */
async function editOverlay({ root, stack, before, edit, isResumed = () => false }: OverlayEdit): Promise<string> {
  const [{ requireSound }, { writeAll }] = await Promise.all([
    import("./change-files.js"),
    import("../new-stack/write-files.js"),
  ]);
  const file = `stacks/${stack}/tenants/${before.name}.yaml`;
  const text = readFileSync(join(root, file), "utf8");
  const edited = [{ file, before: text, after: edit(text) }];
  const loaded = await requireSound(root, { edited });
  const tenant = loaded.find((one) => one.stack === stack)?.spec?.tenants.find(({ name }) => name === before.name);
  const still = tenant?.syncs.find((sync) => sync.suspend && isResumed(sync.name));
  if (still !== undefined) {
    const fix = `npx fleet show ${before.name} --stack ${stack} --origin names it: edit that file`;
    throw fleetError(file, "", `another file suspends ${still.name} too, so nothing was changed`, fix);
  }
  // A section that is null takes out what other files say, and a field in it would bring that back.
  if (tenant === undefined || !isDeepStrictEqual(withoutSuspensions(tenant), withoutSuspensions(before))) {
    const message = "would change other settings of the tenant, so nothing was changed";
    throw fleetError(file, "", message, "Replace null by the values that it stands for, or edit the file by hand");
  }
  writeAll(root, {}, edited);
  return file;
}

/** The settings of a tenant without the suspensions of its syncs. */
function withoutSuspensions(tenant: TenantSpec) {
  return { ...tenant, syncs: tenant.syncs.map(({ suspend: _, suspendUntil: _until, ...others }) => others) };
}
