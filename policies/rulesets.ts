import type { FleetSpec } from "../config/fleet-spec.js";
import type { TenantSpec } from "../config/tenant/schema.js";

type Repository = Pick<TenantSpec["repositories"][number], "protection" | "codeowners">;
type PlatformRepository = Pick<FleetSpec["platform"]["repository"], "protection" | "owners">;

/** Number of GitHub's built-in role "admin", which owners of an organisation have on every repository. */
const adminRole = 5;

/** A ruleset of the default branch, without the repository, named as in the GitHub provider. */
export type Ruleset = ReturnType<typeof rulesetsOf | typeof platformRulesets>[number];

/** The bypass of people and tokens that administer a repository: they can change its rulesets anyway. */
const administrators = [{ actorId: adminRole, actorType: "RepositoryRole", bypassMode: "always" }];

/** The bypass of the App whose token the program uses. */
const appOf = (actorId: number) => [{ actorId, actorType: "Integration", bypassMode: "always" }];

/**
 * Neither rewriting nor deletion of the branch, for anyone. GitHub refuses a second ruleset of the same name in a
 * repository.
 */
export const history = { name: "fleet", rules: { deletion: true, nonFastForward: true }, bypassActors: [] };

/**
 * The rulesets that protect a repository's default branch, without the repository, named as in the GitHub provider.
 * There are two, because the first has no bypass: a cluster that follows the branch can rely on its history. The
 * second, about pull requests, is bypassed by the repository's administrators where the program commits a CODEOWNERS
 * file directly. A team has the role "write", and bypasses neither. Nor does a deploy key with write access, because
 * keys are an actor type of their own (`DeployKey`).
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
 */
export function rulesetsOf({ protection, codeowners }: Repository) {
  if (!protection.enabled) return [];
  if (!protection.pullRequest && protection.checks.length === 0) return [history];
  const bypassActors = codeowners.length > 0 ? administrators : [];
  return [history, { name: "fleet-review", rules: reviewRules(protection), bypassActors }];
}

/**
 * The rulesets of the platform's repository, named as in the GitHub provider. The second one exempts the program, which
 * commits the first files, those of each stack that joins, and the owners. A GitHub App is exempted alone. For the token of
 * a person GitHub has no actor but the role of the repository's administrators: they get no new right, because they can
 * remove a ruleset. Teams with the role "write" and deploy keys bypass neither.
 */
export function platformRulesets({ protection, owners }: PlatformRepository) {
  if (!protection.enabled) return [];
  if (!protection.pullRequest && protection.checks.length === 0) return [history];
  const codeOwners = protection.codeOwners && owners.platform.length > 0;
  const rules = reviewRules({ ...protection, codeOwners }, true);
  const { app } = protection;
  const bypassActors = app === undefined ? administrators : appOf(app);
  return [history, { name: "fleet-review", rules, bypassActors }];
}

/**
 * The CODEOWNERS file of the platform's repository: the security team owns everything below `fleet/`, which is applied to
 * every cluster as cluster-admin, and this file with the workflows. Undefined without owners.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
 */
export function platformOwners({ owners: { platform, security } }: PlatformRepository): readonly OwnedFiles[] {
  if (platform.length === 0) return [];
  const everything = { pattern: "*", owners: platform };
  return security.length === 0
    ? [everything]
    : [everything, ...["/fleet/", "/.github/"].map((pattern) => ({ pattern, owners: security }))];
}

type OwnedFiles = Repository["codeowners"][number];

/** The rules on pull requests, with every switch: GitHub's provider sends missing ones as false or 0 anyway. */
function reviewRules(
  { pullRequest, reviews, codeOwners, checks }: Omit<Repository["protection"], "enabled">,
  resolvesThreads = false,
) {
  return {
    ...(pullRequest && {
      pullRequest: {
        requiredApprovingReviewCount: reviews,
        requireCodeOwnerReview: codeOwners,
        // A push after the approval needs a new one.
        dismissStaleReviewsOnPush: true,
        // Without this, a person could push to the branch of another person or of a bot, approve that, and merge alone.
        requireLastPushApproval: reviews > 0 || codeOwners,
        requiredReviewThreadResolution: resolvesThreads,
      },
    }),
    ...(checks.length > 0 && {
      requiredStatusChecks: {
        requiredChecks: checks.map((context) => ({ context })),
        strictRequiredStatusChecksPolicy: false,
        doNotEnforceOnCreate: false,
      },
    }),
  };
}
