import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readYamlFile } from "../../config/files/yaml-file.js";
import { WAIVERS_FILE } from "../../config/names.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { checkData, formatPath } from "../../lib/diagnostics/zod-issues.js";
import { platformRules } from "../platform/platform-rules.js";
import { rules } from "./rules.js";

const text = z.string().trim().min(1);

const waiverSchema = z.strictObject({
  /** Name of the rule. */
  rule: text,
  /** Name of the stack. @default every stack */
  stack: text.optional(),
  /** Name of the tenant whose violations are accepted. */
  tenant: text.optional(),
  /** Name of the resource whose violations are accepted. */
  resource: text.optional(),
  /** Why the violation is accepted. */
  reason: text,
  /** Who answers for it: `@acme/security`. */
  owner: text,
  /** Last day on which the waiver holds: `2027-03-31`. */
  expires: z.iso.date(),
});

const fileSchema = z.strictObject({ waivers: z.array(waiverSchema) });

/** The acceptance of a violation, with an end. */
export type Waiver = Readonly<z.infer<typeof waiverSchema>>;

/**
 * Reads the waivers of a checkout.
 * @param today the day of the review, `2027-03-31`
 * @throws FleetError with every problem of the file. A waiver that has expired is one.
 */
export function readWaivers(root: string, today: string): readonly Waiver[] {
  if (!existsSync(join(root, WAIVERS_FILE))) return [];
  const { data, problems, lineOf } = readYamlFile(root, WAIVERS_FILE);
  if (problems.length > 0) throw new FleetError(problems);
  const checked = checkData(fileSchema, data, { file: WAIVERS_FILE, lineOf });
  if (!("value" in checked)) throw new FleetError(checked.problems);
  const { waivers } = checked.value;
  const faults = waivers.flatMap((waiver, index) =>
    waiverFaults(waiver, today).map(({ field, ...fault }): Problem => {
      const place = ["waivers", index, field];
      return { file: WAIVERS_FILE, line: lineOf(place), path: formatPath(place), ...fault };
    }),
  );
  if (faults.length > 0) throw new FleetError(faults);
  return waivers;
}

type Fault = Pick<Problem, "message" | "fix"> & { readonly field: keyof Waiver };

function waiverFaults(waiver: Waiver, today: string): Fault[] {
  const faults: Fault[] = [];
  const names = [...rules, ...platformRules].map(({ name }) => name);
  if (!names.includes(waiver.rule)) {
    const otherwise = `The rules are: ${names.join(", ")}`;
    const fix = didYouMean(nearMatches(waiver.rule, names), otherwise);
    faults.push({ field: "rule", message: `there is no rule ${waiver.rule}`, fix });
  }
  if (waiver.tenant === undefined && waiver.resource === undefined) {
    const fix = "Name the tenant or the resource";
    faults.push({ field: "rule", message: "the waiver accepts every violation of the rule", fix });
  }
  if (isExpired(waiver, today)) {
    const fix = "Correct what it accepted and remove it, or agree on a new date with its owner";
    faults.push({ field: "expires", message: `the waiver of ${waiver.owner} expired on ${waiver.expires}`, fix });
  }
  if (isTooLong(waiver, today)) {
    const fix = `Agree with its owner on a day at most ${LONGEST_WAIVER_DAYS} days from now`;
    const message = `the waiver of ${waiver.owner} ends on ${waiver.expires}, in more than ${LONGEST_WAIVER_DAYS} days`;
    faults.push({ field: "expires", message, fix });
  }
  return faults;
}

/** Days after which a waiver must be agreed on anew. A longer one is a change of the rule, without a review of the rule. */
export const LONGEST_WAIVER_DAYS = 366;

function isTooLong({ expires }: Waiver, today: string): boolean {
  return Date.parse(expires) - Date.parse(today) > LONGEST_WAIVER_DAYS * 86_400_000;
}

/** Whether the last day of a waiver is over. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires < today;
}

/** Whether a waiver is about a violation. Everything that it names must be the same. */
export function waives(
  waiver: Waiver,
  violation: { readonly rule: string; readonly stack: string; readonly resource: string },
  tenant: string | undefined,
): boolean {
  const { rule, stack = violation.stack, resource = violation.resource } = waiver;
  return (
    rule === violation.rule &&
    stack === violation.stack &&
    resource === violation.resource &&
    (waiver.tenant === undefined || waiver.tenant === tenant)
  );
}
