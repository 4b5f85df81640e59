import { isPlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { type DeclaringFiles, declares, objectIn, valueAt } from "../../files/location.js";
import type { TenantFiles } from "../../files/tenant-files.js";
import type { YamlFile } from "../../files/yaml-file.js";
import { EXTRA_COMPONENTS } from "../../stack/controllers.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck } from "../declared-tenant.js";
import { imageUpdatesName } from "./schema.js";

/** The problems between a tenant's image automation, the stack, and the tenant's other sections. */
export const imageAutomationProblems: TenantCheck = (tenants, { files, settings, stack }) => {
  // Only an overlay can ask for image automation.
  const asking = tenants.filter(({ overlay }) => overlay !== undefined && declares(overlay, ["imageAutomation"]));
  const pushing = having(asking, "imageAutomation", "repository");
  const { extraComponents, promotesFrom } = settings.sound;
  const missing = EXTRA_COMPONENTS.filter((name) => extraComponents?.includes(name) === false);
  const lack = `needs ${missing.join(" and ")}, which fleet:extraComponents of Pulumi.${stack}.yaml does not list`;
  return [
    ...(missing.length === 0 ? [] : asking).map((tenant) =>
      problem(tenant, lack, "Have the platform team add it there, or remove imageAutomation"),
    ),
    ...(promotesFrom === undefined ? [] : asking.map((tenant) => secondScan(tenant, stack, promotesFrom))),
    ...pushing.flatMap(branchProblems),
    ...pushing.flatMap(keyProblems),
    ...having(asking, "imageAutomation", "repository", "sync", "syncs").flatMap(appliedBranch),
    ...pushing.flatMap((tenant) => sharedProblems(tenant, files)),
    ...having(asking, "limits").flatMap(lackOfRoom),
    ...having(asking, "syncs").flatMap(takenName),
    ...having(asking, "imageAutomation", "repository", "sync", "syncs").flatMap(unsignedUpdates),
  ];
};

/** Scans on a stack with a predecessor, which has not run the images that they find. */
function secondScan(tenant: DeclaringFiles, stack: string, promotesFrom: string): Problem {
  const message = `scans registries for ${stack}, which promotes from ${promotesFrom}: it would bring versions that ${promotesFrom} has not run`;
  const fix = `Move it to stacks/${promotesFrom}/tenants/${tenant.name}.yaml, and have ${stack} follow what was promoted, by sync.ref`;
  return problem(tenant, message, fix);
}

type Pushing = DeclaredTenant<"imageAutomation" | "repository">;

/** A push to the branch that clusters follow needs an explicit setting. */
function branchProblems(tenant: Pushing): Problem[] {
  const { imageAutomation, repositories } = tenant.spec;
  if (imageAutomation === undefined) return [];
  const { branch, pushToDefaultBranch } = imageAutomation;
  const [{ defaultBranch }] = repositories;
  if (pushToDefaultBranch === (branch === defaultBranch)) return [];
  const quoted = JSON.stringify(defaultBranch);
  if (pushToDefaultBranch) {
    const message = `is ${JSON.stringify(branch)}, while pushToDefaultBranch: true has updates pushed to ${quoted}`;
    return [problem(tenant, message, "Keep one of the two", "branch")];
  }
  const message = `${quoted} is the default branch, where updates would take effect before anybody looked at them`;
  return [problem(tenant, message, "Name another branch, or say pushToDefaultBranch: true", "branch")];
}

/** A branch that another sync of the tenant applies takes effect without a pull request, as the default branch does. */
function appliedBranch(tenant: DeclaredTenant<"imageAutomation" | "repository" | "sync" | "syncs">): Problem[] {
  const { imageAutomation, syncs, repositories } = tenant.spec;
  const [{ name: primary, defaultBranch }] = repositories;
  if (imageAutomation === undefined || imageAutomation.branch === defaultBranch) return [];
  const { branch } = imageAutomation;
  const applied = syncs.find(({ ref, repository }) => repository === primary && ref.branch === branch);
  if (applied === undefined) return [];
  const message = `${JSON.stringify(branch)} is the branch that the sync ${applied.name} applies, so updates would take effect before anybody looked at them`;
  return [problem(tenant, message, "Name another branch", "branch")];
}

/**
 * The key that pushes is in the tenant's namespace, where the tenant can read it; GitHub knows keys of a repository and
 * none of a branch. So the default branch is closed to keys, or open to them because the file says so. Checks alone close
 * nothing: they can pass on another branch first.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging
 */
function keyProblems(tenant: Pushing): Problem[] {
  const { imageAutomation, repositories } = tenant.spec;
  const [{ existing, protection }] = repositories;
  // The owner of an existing repository keeps its settings, which no file knows.
  if (imageAutomation === undefined || existing) return [];
  const byPullRequest = protection.enabled && protection.pullRequest;
  const base = tenant.base.file;
  if (imageAutomation.pushToDefaultBranch) {
    if (!byPullRequest && protection.checks.length === 0) return [];
    const message = "is true, and GitHub would refuse each update: the default branch demands pull requests or checks";
    const fix = `Remove it, or remove pullRequest and checks from repository.protection in ${base}`;
    return [problem(tenant, message, fix, "pushToDefaultBranch")];
  }
  if (byPullRequest) return [];
  const message = "puts a key that can push into the tenant's namespace, and the default branch is open to it";
  const fix = `Write repository: {protection: {pullRequest: true}} into ${base}, or say pushToDefaultBranch: true`;
  return [problem(tenant, message, fix)];
}

/** Who can read the key that pushes can change all of a repository, and so what other tenants have in it. */
function sharedProblems(tenant: Pushing, { base }: TenantFiles): Problem[] {
  const { imageAutomation, repositories } = tenant.spec;
  if (imageAutomation === undefined) return [];
  const name = repositories[0].name.toLowerCase();
  const others = [...base].filter(
    ([other, file]) => other !== tenant.name && repositoryNames(other, file).includes(name),
  );
  return others.map(([other]) => {
    const message = `puts a key that can push into the tenant's namespace, and ${other} is in the same repository`;
    return problem(tenant, message, "Remove it, or give each of the tenants a repository of its own");
  });
}

/** Names of a tenant's repositories in lower case, as its base file has them. */
function repositoryNames(tenant: string, base: YamlFile): string[] {
  const declared = objectIn(base);
  const additional = valueAt(declared, ["repositories"]);
  const primary = valueAt(declared, ["repository", "name"]) ?? tenant;
  return [primary, ...(isPlainObject(additional) ? Object.keys(additional) : [])].map((name) =>
    String(name).toLowerCase(),
  );
}

/** The platform's own objects count too. */
function lackOfRoom(tenant: DeclaredTenant<"limits">): Problem[] {
  const { limits } = tenant.spec.namespaces[0];
  const needs = { secrets: "a Secret with a key of its own", fluxObjects: "a GitRepository of its own" };
  return (["secrets", "fluxObjects"] as const)
    .filter((amount) => limits[amount] < 2)
    .map((amount) => {
      const message = `needs ${needs[amount]}, and limits.${amount} leaves room for ${limits[amount]} with that of the sync`;
      return problem(tenant, message, `Raise limits.${amount} to 2 or more`);
    });
}

function takenName(tenant: DeclaredTenant<"syncs">): Problem[] {
  const own = imageUpdatesName(tenant.name);
  if (!tenant.spec.syncs.some(({ name }) => name === own)) return [];
  const message = `makes a GitRepository ${own}, which is that of the sync of the same name`;
  return [problem(tenant, message, "Rename the sync")];
}

/** Flux would refuse each of its own updates: nothing in the cluster has a key that signs. */
function unsignedUpdates(tenant: DeclaredTenant<"imageAutomation" | "repository" | "sync">): Problem[] {
  const { imageAutomation, syncs, repositories } = tenant.spec;
  const [{ name, defaultBranch }] = repositories;
  const verifies = syncs.some(({ verify, ref, repository }) => {
    const followed = ref.branch ?? (Object.keys(ref).length === 0 ? defaultBranch : undefined);
    return verify !== undefined && repository === name && followed === defaultBranch;
  });
  if (!imageAutomation?.pushToDefaultBranch || !verifies) return [];
  const message = "is true, and the sync of the default branch demands signatures, which image updates lack";
  return [problem(tenant, message, "Remove one of the two", "pushToDefaultBranch")];
}

/** A problem in the overlay, even where it has no such field. */
function problem(
  { name, base, overlay = base }: DeclaringFiles,
  message: string,
  fix: string,
  ...place: string[]
): Problem {
  return problemAt({ name, base: overlay }, ["imageAutomation", ...place], message, fix);
}
