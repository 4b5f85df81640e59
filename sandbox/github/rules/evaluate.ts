import type { BareRepository } from "../git/bare-repository.js";
import type { RefUpdate } from "../git/pack-service.js";
import type { RepositoryRecord, Rule, RulesetRecord } from "../state/records.js";
import { missingChecks } from "./checks.js";
import { matchesRef } from "./pattern.js";

/**
 * The actor that changes a reference: the organisation's owner or another administrator, a person, a deploy key, or an App
 * by its number.
 */
export type Actor = "owner" | "person" | "deploy-key" | { readonly app: number };

/** A change of a reference that rules may forbid. */
export interface Change {
  readonly update: RefUpdate;
  readonly actor: Actor;
  /** Head of the pull request whose merge the change is. @default - the change is a push */
  readonly mergedHead?: string | undefined;
}

/**
 * The sentences that GitHub gives a pusher for every active rule that a change breaks; none when it may happen.
 * @param objects sees the new commits
 */
export async function violations(
  repository: RepositoryRecord,
  objects: BareRepository,
  change: Change,
): Promise<string[]> {
  const found = await Promise.all(
    repository.rulesets
      .filter((ruleset) => applies(ruleset, repository, change))
      .flatMap((ruleset) => ruleset.rules)
      .map((rule) => violation(rule, { repository, objects }, change)),
  );
  return [...new Set(found.flat())];
}

/** Whether a ruleset binds this change: it is active, speaks about the reference, and the actor may not bypass it. */
function applies(ruleset: RulesetRecord, repository: RepositoryRecord, { update, actor, mergedHead }: Change): boolean {
  return (
    ruleset.enforcement === "active" &&
    update.ref.startsWith("refs/heads/") &&
    matchesRef(ruleset.refName, update.ref, repository.defaultBranch) &&
    !ruleset.bypassActors.some(
      (bypass) => mayAct(bypass, actor) && (bypass.bypass_mode !== "pull_request" || mergedHead !== undefined),
    )
  );
}

/** GitHub's id of the built-in repository role "admin", which an organisation's owner has everywhere. */
const adminRole = 5;

/** Whether a bypass entry means this actor. */
export function mayAct(bypass: RulesetRecord["bypassActors"][number], actor: Actor): boolean {
  if (typeof actor === "object") return bypass.actor_type === "Integration" && bypass.actor_id === actor.app;
  if (actor === "person") return false;
  if (actor === "deploy-key") return bypass.actor_type === "DeployKey";
  return (
    bypass.actor_type === "OrganizationAdmin" ||
    (bypass.actor_type === "RepositoryRole" && bypass.actor_id === adminRole)
  );
}

/** Rule types that are enforced; a ruleset with any other is refused rather than ignored. */
export const enforcedRules: readonly string[] = [
  "deletion",
  "non_fast_forward",
  "pull_request",
  "required_status_checks",
];

async function violation(
  rule: Rule,
  { repository, objects }: { readonly repository: RepositoryRecord; readonly objects: BareRepository },
  change: Change,
): Promise<readonly string[]> {
  const { before, after } = change.update;
  const when = (broken: boolean, sentence: string): string[] => (broken ? [sentence] : []);
  switch (rule.type) {
    case "deletion":
      return when(after === null, "Cannot delete this protected ref.");
    case "non_fast_forward": {
      const forced = before !== null && after !== null && !(await objects.isAncestor(before, after));
      return when(forced, "Cannot force-push to this branch");
    }
    case "pull_request":
      return when(await needsPullRequest(objects, change), "Changes must be made through a pull request.");
    case "required_status_checks":
      if (after === null || (before === null && rule.parameters?.do_not_enforce_on_create === true)) return [];
      // Checks ran on the head of a pull request, and not on the commit of its merge.
      return missingChecks(repository, rule, change.mergedHead ?? after);
    default:
      throw new Error(`Rule ${rule.type} was accepted but is not enforced.`);
  }
}

/** A first push has no branch to request a pull into, and a new branch without new commits changes nothing. */
async function needsPullRequest(objects: BareRepository, { update, mergedHead }: Change): Promise<boolean> {
  const { before, after } = update;
  if (mergedHead !== undefined || after === null) return false;
  if (before !== null) return true;
  const isEmpty = (await objects.refs("refs/heads")).length === 0;
  return !isEmpty && (await objects.commitsBetween(null, after, 1)).length > 0;
}

/**
 * GitHub's message for a pusher about one reference.
 * @param url the repository's page
 */
export function violationMessage(ref: string, url: string, sentences: readonly string[]): string {
  return [
    `error: GH013: Repository rule violations found for ${ref}.`,
    `Review all repository rules at ${url}/rules?ref=${encodeURIComponent(ref)}`,
    "",
    ...sentences.flatMap((sentence) => [`- ${sentence}`, ""]),
  ].join("\n");
}
