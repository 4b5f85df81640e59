import { isPlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { type Member, objectIn, placed, textAt, valueAt } from "../../files/declared-tenant.js";
import type { YamlFile } from "../../files/yaml-file.js";
import { EXTRA_COMPONENTS } from "../../stack/schema.js";
import { imageUpdatesName } from "./schema.js";

/** The only place of it is an overlay. */
const field = "imageAutomation";

interface ImageAutomationArgs {
  readonly stack: string;
  /** Controllers that the stack has beside the usual ones; undefined when the list is itself wrong. */
  readonly extraComponents: readonly string[] | undefined;
}

/** What a base file must not say, because it would hold on every stack at once. */
export function imageAutomationInBase(base: YamlFile): Problem[] {
  if (!Object.hasOwn(objectIn(base), field)) return [];
  return [
    {
      ...placed(base, [field]),
      message: "belongs to one stack: clusters that push to one branch would undo each other's commits",
      fix: "Move it to the overlay of one stack",
    },
  ];
}

/** What is wrong between a tenant's image automation, the stack, and the rest of the tenant. */
export function imageAutomationProblems(member: Member, args: ImageAutomationArgs): Problem[] {
  if (!isPlainObject(objectIn(member.overlay)[field])) return [];
  return [
    ...missingControllers(member, args),
    ...branchProblems(member),
    ...keyProblems(member),
    ...lackOfRoom(member),
    ...takenName(member),
  ];
}

function missingControllers(member: Member, { extraComponents, stack }: ImageAutomationArgs): Problem[] {
  const missing = EXTRA_COMPONENTS.filter((name) => extraComponents?.includes(name) === false);
  if (missing.length === 0) return [];
  const message = `needs ${missing.join(" and ")}, which fleet:extraComponents of Pulumi.${stack}.yaml does not list`;
  return [problem(member, [], message, "Have the platform team add it there, or remove imageAutomation")];
}

/** Nobody pushes to the branch that clusters follow without having said so. */
function branchProblems(member: Member): Problem[] {
  const { merged, overlay } = member;
  const written = textAt(overlay, [field, "branch"]);
  const defaultBranch = valueAt(merged, ["repository", "defaultBranch"]);
  const mayPush = valueAt(merged, [field, "pushToDefaultBranch"]) === true;
  if (mayPush && written !== undefined && written !== defaultBranch) {
    const message = `is ${JSON.stringify(written)}, while pushToDefaultBranch: true has updates pushed to ${JSON.stringify(defaultBranch)}`;
    return [problem(member, ["branch"], message, "Keep one of the two")];
  }
  if (mayPush || valueAt(merged, [field, "branch"]) !== defaultBranch) return [];
  const message = `${JSON.stringify(defaultBranch)} is the default branch, where updates would take effect before anybody looked at them`;
  return [problem(member, ["branch"], message, "Name another branch, or say pushToDefaultBranch: true")];
}

/**
 * The key that pushes is in the tenant's namespace, where the tenant can read it; GitHub knows keys of a repository and
 * none of a branch. So the default branch is closed to keys, or open to them because the file says so. Checks alone close
 * nothing: they can pass on another branch first.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging
 */
function keyProblems(member: Member): Problem[] {
  const said = (place: string) => valueAt(member.merged, ["repository", ...place.split(".")]);
  // Who made the repository keeps its settings, which no file knows.
  if (said("existing") === true) return [];
  const mayPush = valueAt(member.merged, [field, "pushToDefaultBranch"]) === true;
  const byPullRequest = said("protection.enabled") === true && said("protection.pullRequest") === true;
  const checks = said("protection.checks");
  if (mayPush && (byPullRequest || (Array.isArray(checks) && checks.length > 0))) {
    const message = "is true, and GitHub would refuse each update: the default branch demands pull requests or checks";
    const fix = `Remove it, or remove pullRequest and checks from repository.protection in ${member.base.file}`;
    return [problem(member, ["pushToDefaultBranch"], message, fix)];
  }
  if (mayPush || byPullRequest) return [];
  const message = "puts a key that can push into the tenant's namespace, and the default branch is open to it";
  const fix = `Write repository: {protection: {pullRequest: true}} into ${member.base.file}, or say pushToDefaultBranch: true`;
  return [problem(member, [], message, fix)];
}

/** The platform's own objects count too. */
function lackOfRoom({ merged, overlay }: Member): Problem[] {
  return ["secrets", "fluxObjects"].flatMap((amount) => {
    const limit = valueAt(merged, ["limits", amount]);
    if (typeof limit !== "number" || limit >= 2) return [];
    const what = amount === "secrets" ? "a Secret with a key of its own" : "a GitRepository of its own";
    const message = `needs ${what}, and limits.${amount} leaves room for ${limit} with that of the sync`;
    return [{ ...placed(overlay, [field]), message, fix: `Raise limits.${amount} to 2 or more` }];
  });
}

function takenName({ name, merged, overlay }: Member): Problem[] {
  const own = imageUpdatesName(name);
  if (valueAt(merged, ["syncs", own]) === undefined) return [];
  const message = `makes a GitRepository ${own}, which is that of the sync of the same name`;
  return [{ ...placed(overlay, [field]), message, fix: "Rename the sync" }];
}

function problem({ overlay }: Member, place: readonly string[], message: string, fix: string): Problem {
  return { ...placed(overlay, [field, ...place]), message, fix };
}
