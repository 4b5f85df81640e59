import type { TenantSpec } from "../config/tenant/schema.js";

type Repository = Pick<TenantSpec["repositories"][number], "protection" | "codeowners">;

/** Number of GitHub's built-in role "admin", which owners of an organisation have on every repository. */
const adminRole = 5;

/** A ruleset of the default branch, without the repository, named as in the GitHub provider. */
export type Ruleset = ReturnType<typeof rulesetsOf>[number];

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
  const bypassActors =
    codeowners.length > 0 ? [{ actorId: adminRole, actorType: "RepositoryRole", bypassMode: "always" }] : [];
  return [history, { name: "fleet-review", rules: reviewRules(protection), bypassActors }];
}

/** The rules on pull requests, with every switch: GitHub's provider sends missing ones as false or 0 anyway. */
function reviewRules({ pullRequest, reviews, codeOwners, checks }: Repository["protection"]) {
  return {
    ...(pullRequest && {
      pullRequest: {
        requiredApprovingReviewCount: reviews,
        requireCodeOwnerReview: codeOwners,
        // A push after the approval needs a new one.
        dismissStaleReviewsOnPush: true,
        // Without this, a person could push to the branch of another person or of a bot, approve that, and merge alone.
        requireLastPushApproval: reviews > 0 || codeOwners,
        requiredReviewThreadResolution: false,
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
