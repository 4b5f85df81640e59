import { type Command, InvalidArgumentError } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { dayOf, daysBetween, isDay } from "../../lib/time/calendar-day.js";
import { finishEarlier } from "../finish-earlier.js";
import { requireTenant } from "../load-tenant.js";
import type { Streams } from "../streams.js";
import { type ExceptionKind, exceptionKinds } from "./exception-kinds.js";

interface EndOptions {
  readonly stack: string;
  readonly sync?: string;
}

interface BeginOptions extends EndOptions {
  readonly until: string;
  readonly reason: string;
}

interface CommandArgs {
  readonly tenant: Command;
  readonly out: Streams["out"];
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Adds `tenant suspend` and `resume`, `freeze` and `unfreeze`. @param tenant the command `tenant` @param now milliseconds since 1970 */
export function addExceptionCommands(tenant: Command, { out }: Streams, root: string, now = Date.now): void {
  for (const kind of exceptionKinds) {
    addBegin(kind, { tenant, out, root, now });
    addEnd(kind, { tenant, out, root, now });
  }
}

function addBegin({ commands: { begin }, ...kind }: ExceptionKind, { tenant, out, root, now }: CommandArgs): void {
  tenant
    .command(begin)
    .summary(`have the files ${begin} a tenant's syncs until a day`)
    .description(
      `write ${kind.fields.join(" and ")} into the overlay of a tenant, with the reason; ${kind.effect}; needs no credentials, no cluster and no GitHub`,
    )
    .argument("<name>", "name of the tenant")
    .requiredOption("--stack <stack>", "stack of the overlay")
    .requiredOption("--until <day>", "last day in UTC, like 2027-01-31", day)
    .requiredOption("--reason <text>", "reason in one line", line)
    .option("--sync <sync>", "one sync only")
    .action(async (name: string, options: BeginOptions, command: Command) => {
      const { LONGEST_EXCEPTION_DAYS } = await import("../../config/tenant/syncs/exceptions.js");
      const left = daysBetween(dayOf(now()), options.until);
      if (left < 0 || left > LONGEST_EXCEPTION_DAYS) {
        command.error(`error: ${options.until} must be at most ${LONGEST_EXCEPTION_DAYS} days from now, and not over`);
      }
      await finishEarlier(root, out, false);
      const { tenant: before, syncs } = await requireSyncs(command, root, name, options);
      const [{ exceptionIn }, { changeOverlay }] = await editors();
      const places = syncs.map(({ place }) => place);
      const edit = (text: string) => exceptionIn(begin, text, places, options);
      const file = await changeOverlay({ root, stack: options.stack, before, edit, fields: kind.fields });
      out(`${file} ${kind.verb} ${namesOf(syncs)} until ${options.until}. ${nextStep(options.stack, name)}`);
    });
}

function addEnd(kind: ExceptionKind, { tenant, out, root }: CommandArgs): void {
  const { commands, verb, fields, isOn } = kind;
  tenant
    .command(commands.end)
    .summary(`end what ${commands.begin} has written into the files`)
    .description(`remove ${fields.join(" and ")} from the overlay of a tenant`)
    .argument("<name>", "name of the tenant")
    .requiredOption("--stack <stack>", "stack of the overlay")
    .option("--sync <sync>", "one sync only")
    .action(async (name: string, options: EndOptions, command: Command) => {
      await finishEarlier(root, out, false);
      const { tenant: before, syncs } = await requireSyncs(command, root, name, options);
      const affected = syncs.filter(isOn);
      if (affected.length === 0) {
        command.error(`error: the files ${commands.begin} no sync of ${name} on ${options.stack}.`);
      }
      const [{ withoutFields }, { changeOverlay }] = await editors();
      const places = affected.map(({ place }) => place);
      const edit = (text: string) => withoutFields(text, places, fields);
      const ended = { verb, isOn, syncs: affected.map((sync) => sync.name) };
      const file = await changeOverlay({ root, stack: options.stack, before, edit, fields, ended });
      out(`${file} ${verb} ${namesOf(affected)} no longer. ${nextStep(options.stack, name)}`);
    });
}

// Imported by the actions alone, because the other commands need neither parsers nor schemas.
const editors = () => Promise.all([import("./edit-overlay.js"), import("./change-overlay.js")]);

function namesOf(syncs: readonly { readonly name: string }[]): string {
  return syncs.map(({ name }) => name).join(", ");
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
async function requireSyncs(command: Command, root: string, name: string, { stack, sync }: EndOptions) {
  const { tenant } = await requireTenant(command, root, stack, name);
  const { placedParts } = await import("../../config/tenant/parts.js");
  const syncs = placedParts("sync", tenant.syncs);
  const found = syncs.filter((one) => sync === undefined || one.name === sync);
  if (found.length > 0) return { tenant, syncs: found };
  const names = syncs.map((one) => one.name);
  const remedy = didYouMean(nearMatches(sync ?? "", names), `Its syncs are ${names.join(", ")}.`);
  return command.error(`error: ${name} has no sync ${JSON.stringify(sync)} on ${stack}. ${remedy}`);
}
