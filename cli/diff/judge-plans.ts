import { type Locate, tenantLocator } from "../../config/files/location.js";
import { readTenantFiles } from "../../config/files/tenant-files.js";
import { OWN_PREFIX, readStackFile } from "../../config/stack/stack-file.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { StackPlans } from "../../review/document/stack-entries.js";
import { judge, type Place, type RuleFinding } from "../../review/rules/judge.js";
import { shownFindings } from "../../review/rules/rule-entries.js";
import { readWaivers, type Waiver } from "../../review/rules/waivers.js";

/** The arguments of {@link judgePlans} beside the plans. */
export interface JudgePlansArgs {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Folder of the base revision. */
  readonly baseRoot: string;
  /** The day of the review, `2027-03-31`. */
  readonly today: string;
}

/**
 * Judges the plans of a change by all rules.
 * @returns what blocks the change, and what it brings besides, in the order of the stacks
 * @throws FleetError with the problems of the file of waivers
 */
export function judgePlans(plans: readonly StackPlans[], { checkout, baseRoot, today }: JudgePlansArgs): RuleFinding[] {
  const waivers = readWaivers(checkout, today);
  const earlierWaivers = waiversOfBase(baseRoot, today);
  return plans.flatMap(({ stack, before, after }) => {
    if (after === undefined) return [];
    const locate = placeLocator(checkout, stack);
    const locateSetting = settingLocator(checkout, stack);
    const now = judge({ plan: after, before }, { waivers, today, locate, locateSetting });
    const earlier = before === undefined ? [] : judge({ plan: before }, { waivers: earlierWaivers, today });
    return shownFindings(now, earlier);
  });
}

/** Finds the places of tenants. It reads the files when a rule is broken, for most changes break none. */
function placeLocator(root: string, stack: string): Locate {
  let locate: Locate | undefined;
  return (tenant, place) => {
    locate ??= tenantLocator(readTenantFiles(root, stack));
    return locate(tenant, place);
  };
}

/** Finds the settings in a stack's own file. One that the file does not have is the program's default. */
function settingLocator(root: string, stack: string): (setting: string) => Place | undefined {
  return (setting) => {
    const { file, config, lineOf } = readStackFile(root, stack);
    const [key = ""] = setting.replace(OWN_PREFIX, "").split(".");
    return Object.hasOwn(config, key) ? { file, line: lineOf(setting), path: setting } : undefined;
  };
}

/** The base's waivers. A file that this command refuses accepts nothing, so that all that is accepted now shows as new. */
export function waiversOfBase(baseRoot: string, today: string): readonly Waiver[] {
  try {
    return readWaivers(baseRoot, today);
  } catch (error) {
    if (error instanceof FleetError) return [];
    throw error;
  }
}
