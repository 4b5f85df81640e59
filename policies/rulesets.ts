import type { FleetSpec } from "../config/fleet-spec.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { PLATFORM_CHECK } from "./platform-workflow.js";

type Repository = Pick<TenantSpec["repositories"][number], "protection" | "codeowners">;
type PlatformRepository = Pick<FleetSpec["platform"]["repository"], "protection" | "owners" | "rules">;

/** Number of GitHub's built-in role "admin", which owners of an organisation have on every repository. */
const adminRole = 5;

/** A ruleset of the default branch, without the repository, named as in the GitHub provider. */
export type Ruleset = ReturnType<typeof rulesetsOf | typeof platformRulesets | typeof templateRulesets>[number];

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
  const required = protection.checks.map((context): RequiredCheck => ({ context }));
  const bypassActors = codeowners.length > 0 ? administrators : [];
  return [history, { name: "fleet-review", rules: reviewRules(protection, required), bypassActors }];
}

/**
 * The rulesets of the platform's repository, named as in the GitHub provider. The second one exempts the program, which
 * commits the first files, those of each stack that joins, and the owners. A GitHub App is exempted alone. For the token of
 * a person GitHub has no actor but the role of the repository's administrators: they get no new right, because they can
 * remove a ruleset. Teams with the role "write" and deploy keys bypass neither.
 * @param host host of GitHub, which decides the number of its App for workflows
 */
export function platformRulesets({ protection, owners, rules: workflow }: PlatformRepository, host: string) {
  if (!protection.enabled) return [];
  const checks = protection.checks.filter((one) => one !== PLATFORM_CHECK || workflow === undefined);
  const required = [
    ...checks.map((context): RequiredCheck => ({ context })),
    ...(workflow === undefined ? [] : [ofWorkflow(PLATFORM_CHECK, host)]),
  ];
  if (!protection.pullRequest && required.length === 0) return [history];
  const codeOwners = protection.codeOwners && owners.platform.length > 0;
  const rules = reviewRules({ ...protection, codeOwners }, required, {
    resolvesThreads: true,
    // Two changes that keep the rules may break them together.
    strict: workflow !== undefined,
  });
  return [history, { name: "fleet-review", rules, bypassActors: programOf(protection) }];
}

/**
 * The rulesets that protect a template of tenants' repositories, named as in the GitHub provider. Each new tenant's repository begins
 * with its files, and Flux applies these. So a push past a review is refused as in the platform's repository.
 */
export function templateRulesets({ protection }: Pick<PlatformRepository, "protection">) {
  if (!protection.enabled) return [];
  if (!protection.pullRequest) return [history];
  const rules = reviewRules({ ...protection, codeOwners: false }, []);
  return [history, { name: "fleet-review", rules, bypassActors: programOf(protection) }];
}

/** The bypass of the program, which commits files. */
function programOf({ app }: PlatformRepository["protection"]) {
  return app === undefined ? administrators : appOf(app);
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

/** A check that must pass, and the App that must report it. @default - any account that may write statuses */
interface RequiredCheck {
  readonly context: string;
  readonly integrationId?: number;
}

/**
 * Number of the App "GitHub Actions" on github.com. Every GitHub Enterprise Server has another one.
 * @see https://api.github.com/apps/github-actions
 */
const actionsApp = 15_368;

/** The check of a workflow. A token that writes statuses cannot report it in place of the workflow. */
function ofWorkflow(context: string, host: string): RequiredCheck {
  return host === "github.com" ? { context, integrationId: actionsApp } : { context };
}

/** The rules on pull requests, with every switch: GitHub's provider sends missing ones as false or 0 anyway. */
function reviewRules(
  { pullRequest, reviews, codeOwners }: Pick<Repository["protection"], "pullRequest" | "reviews" | "codeOwners">,
  required: RequiredCheck[],
  { resolvesThreads = false, strict = false } = {},
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
    ...(required.length > 0 && {
      requiredStatusChecks: {
        requiredChecks: required,
        strictRequiredStatusChecksPolicy: strict,
        doNotEnforceOnCreate: false,
      },
    }),
  };
}
