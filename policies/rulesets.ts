import type { TenantSpec } from "../config/tenant/schema.js";

type Repository = Pick<TenantSpec["repository"], "protection" | "codeowners">;

/** A ruleset of a repository's default branch, without the repository. */
export interface Ruleset {
  /** Unique in the repository; GitHub refuses a second one of the same name. */
  readonly name: string;
  readonly rules: RulesetRules;
  readonly bypassActors: BypassActor[];
}

/** The rules of a ruleset, named as in the GitHub provider. */
export interface RulesetRules {
  readonly deletion?: boolean;
  readonly nonFastForward?: boolean;
  readonly pullRequest?: {
    readonly requiredApprovingReviewCount: number;
    readonly requireCodeOwnerReview: boolean;
    readonly dismissStaleReviewsOnPush: boolean;
    readonly requireLastPushApproval: boolean;
    readonly requiredReviewThreadResolution: boolean;
  };
  readonly requiredStatusChecks?: {
    readonly requiredChecks: { readonly context: string }[];
    readonly strictRequiredStatusChecksPolicy: boolean;
    readonly doNotEnforceOnCreate: boolean;
  };
}

/** An actor that bypasses a ruleset. */
export interface BypassActor {
  readonly actorId: number;
  readonly actorType: "RepositoryRole";
  readonly bypassMode: "always";
}

/** Number of GitHub's built-in role "admin", which owners of an organisation have on every repository. */
const adminRole = 5;

/**
 * The rulesets that protect a repository's default branch.
 *
 * There are two, because the first has no bypass: a cluster that follows the branch can rely on its history. The
 * second, about pull requests, is bypassed by the repository's administrators where the program commits a CODEOWNERS
 * file directly. A team has the role "write", and bypasses neither. A deploy key with write access bypasses neither,
 * because keys are an actor type of their own (`DeployKey`) that neither ruleset lists.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
 */
export function rulesetsOf({ protection, codeowners }: Repository): readonly Ruleset[] {
  if (!protection.enabled) return [];
  const history: Ruleset = { name: "fleet", rules: { deletion: true, nonFastForward: true }, bypassActors: [] };
  const rules = reviewRules(protection);
  if (Object.keys(rules).length === 0) return [history];
  const administrators: BypassActor = { actorId: adminRole, actorType: "RepositoryRole", bypassMode: "always" };
  return [history, { name: "fleet-review", rules, bypassActors: codeowners.length > 0 ? [administrators] : [] }];
}

/** The rules on pull requests, with every switch: GitHub's provider sends missing ones as false or 0 anyway. */
function reviewRules({ pullRequest, reviews, codeOwners, checks }: Repository["protection"]): RulesetRules {
  return {
    ...(pullRequest
      ? {
          pullRequest: {
            requiredApprovingReviewCount: reviews,
            requireCodeOwnerReview: codeOwners,
            // A push after the approval needs a new one.
            dismissStaleReviewsOnPush: true,
            requireLastPushApproval: false,
            requiredReviewThreadResolution: false,
          },
        }
      : {}),
    ...(checks.length > 0
      ? {
          requiredStatusChecks: {
            requiredChecks: checks.map((context) => ({ context })),
            strictRequiredStatusChecksPolicy: false,
            doNotEnforceOnCreate: false,
          },
        }
      : {}),
  };
}
