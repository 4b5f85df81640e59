import type { TenantSpec } from "../config/tenant/schema.js";

type Repository = Pick<TenantSpec["repositories"][number], "protection" | "codeowners">;

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

/** Number of GitHub's built-in role "admin", which an organisation's owners have everywhere. */
const adminRole = 5;

/**
 * Rulesets that protect a repository's default branch, whatever it is called.
 *
 * Two, because nobody bypasses the first one: whoever follows the branch, a cluster above all, can rely on its history.
 * The second one, about how changes come in, is bypassed by the repository's administrators where the program itself
 * keeps a CODEOWNERS file: it commits directly. A team pushes with the role "write", and so bypasses neither.
 * Nor does a deploy key that may push: keys are an actor of their own (`DeployKey`), whom neither lists.
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

/** Every switch of a rule, because GitHub's provider sends those that are left out as false or 0 anyway. */
function reviewRules({ pullRequest, reviews, codeOwners, checks }: Repository["protection"]): RulesetRules {
  return {
    ...(pullRequest
      ? {
          pullRequest: {
            requiredApprovingReviewCount: reviews,
            requireCodeOwnerReview: codeOwners,
            // What was approved is what is merged.
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
