import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declares, locationOf } from "../../files/location.js";
import type { YamlFile } from "../../files/yaml-file.js";
import { EXTRA_COMPONENTS } from "../../stack/schema.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";
import { imageUpdatesName } from "./schema.js";

const field = "imageAutomation";

/** The problems between a tenant's image automation, the stack, and the tenant's other sections. */
export function imageAutomationProblems(tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  const asking = tenants.filter(isAsking);
  return [
    ...asking.flatMap(({ overlay }) => missingControllers(overlay, args)),
    ...having(asking, field, "repository").flatMap((tenant) => [...branchProblems(tenant), ...keyProblems(tenant)]),
    ...having(asking, "limits").flatMap(lackOfRoom),
    ...having(asking, "syncs").flatMap(takenName),
  ];
}

/** Only an overlay can ask for image automation. */
function isAsking(tenant: ParsedTenant): tenant is ParsedTenant & { readonly overlay: YamlFile } {
  return tenant.overlay !== undefined && declares(tenant.overlay, [field]);
}

function missingControllers(overlay: YamlFile, { settings, stack }: TenantsArgs): Problem[] {
  const { extraComponents } = settings.sound;
  const missing = EXTRA_COMPONENTS.filter((name) => extraComponents?.includes(name) === false);
  if (missing.length === 0) return [];
  const message = `needs ${missing.join(" and ")}, which fleet:extraComponents of Pulumi.${stack}.yaml does not list`;
  return [problem(overlay, [], message, "Have the platform team add it there, or remove imageAutomation")];
}

type Pushing = DeclaredTenant<"imageAutomation" | "repository">;

/** A push to the branch that clusters follow needs an explicit setting. */
function branchProblems({ base, overlay = base, spec }: Pushing): Problem[] {
  const {
    imageAutomation,
    repositories: [repository],
  } = spec;
  if (imageAutomation === undefined) return [];
  const { branch, pushToDefaultBranch } = imageAutomation;
  const defaultBranch = JSON.stringify(repository.defaultBranch);
  if (pushToDefaultBranch && branch !== repository.defaultBranch) {
    const message = `is ${JSON.stringify(branch)}, while pushToDefaultBranch: true has updates pushed to ${defaultBranch}`;
    return [problem(overlay, ["branch"], message, "Keep one of the two")];
  }
  if (pushToDefaultBranch || branch !== repository.defaultBranch) return [];
  const message = `${defaultBranch} is the default branch, where updates would take effect before anybody looked at them`;
  return [problem(overlay, ["branch"], message, "Name another branch, or say pushToDefaultBranch: true")];
}

/**
 * The key that pushes is in the tenant's namespace, where the tenant can read it; GitHub knows keys of a repository and
 * none of a branch. So the default branch is closed to keys, or open to them because the file says so. Checks alone close
 * nothing: they can pass on another branch first.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging
 */
function keyProblems({ base, overlay = base, spec }: Pushing): Problem[] {
  const {
    imageAutomation,
    repositories: [repository],
  } = spec;
  // The owner of an existing repository keeps its settings, which no file knows.
  if (imageAutomation === undefined || repository.existing) return [];
  const { enabled, pullRequest, checks } = repository.protection;
  const byPullRequest = enabled && pullRequest;
  if (imageAutomation.pushToDefaultBranch) {
    if (!byPullRequest && checks.length === 0) return [];
    const message = "is true, and GitHub would refuse each update: the default branch demands pull requests or checks";
    const fix = `Remove it, or remove pullRequest and checks from repository.protection in ${base.file}`;
    return [problem(overlay, ["pushToDefaultBranch"], message, fix)];
  }
  if (byPullRequest) return [];
  const message = "puts a key that can push into the tenant's namespace, and the default branch is open to it";
  const fix = `Write repository: {protection: {pullRequest: true}} into ${base.file}, or say pushToDefaultBranch: true`;
  return [problem(overlay, [], message, fix)];
}

/** The platform's own objects count too. */
function lackOfRoom({ base, overlay = base, spec }: DeclaredTenant<"limits">): Problem[] {
  const { limits } = spec.namespaces[0];
  const needs = { secrets: "a Secret with a key of its own", fluxObjects: "a GitRepository of its own" };
  return (["secrets", "fluxObjects"] as const)
    .filter((amount) => limits[amount] < 2)
    .map((amount) => {
      const message = `needs ${needs[amount]}, and limits.${amount} leaves room for ${limits[amount]} with that of the sync`;
      return problem(overlay, [], message, `Raise limits.${amount} to 2 or more`);
    });
}

function takenName({ name, base, overlay = base, spec: { syncs } }: DeclaredTenant<"syncs">): Problem[] {
  const own = imageUpdatesName(name);
  if (!syncs.some((sync) => sync.name === own)) return [];
  const message = `makes a GitRepository ${own}, which is that of the sync of the same name`;
  return [problem(overlay, [], message, "Rename the sync")];
}

function problem(overlay: YamlFile, place: readonly string[], message: string, fix: string): Problem {
  return { ...locationOf(overlay, [field, ...place]), message, fix };
}
