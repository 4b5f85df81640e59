/** The inputs of a ruleset in the state. */
export interface RepositoryRuleset {
  readonly repository: string;
  readonly name: string;
  readonly target: string;
  readonly enforcement: string;
  readonly conditions: {
    readonly refName: { readonly includes: readonly string[]; readonly excludes: readonly string[] };
  };
  readonly bypassActors?: readonly {
    readonly actorId: number;
    readonly actorType: string;
    readonly bypassMode: string;
  }[];
  readonly rules: Readonly<Record<string, unknown>>;
}

/** GitHub's names of the rules, by the provider's. Those with `true` say nothing more than that they are there. */
const restRules: Readonly<Record<string, string>> = {
  deletion: "deletion",
  nonFastForward: "non_fast_forward",
  pullRequest: "pull_request",
  requiredStatusChecks: "required_status_checks",
};

/**
 * The body by which GitHub's REST API creates a ruleset.
 * @throws Error for a rule that the benchmark does not know
 */
export function rulesetBody({ name, target, enforcement, conditions, bypassActors = [], rules }: RepositoryRuleset) {
  const { includes, excludes } = conditions.refName;
  return {
    name,
    target,
    enforcement,
    conditions: { ref_name: { include: includes, exclude: excludes } },
    bypass_actors: bypassActors.map(snakeCase),
    // The engine notes among the inputs which of them are the provider's defaults; a rule that is off is false.
    rules: Object.entries(rules)
      .filter(([rule, value]) => !rule.startsWith("__") && value !== false)
      .map(([rule, value]) => restRule(rule, value)),
  };
}

function restRule(rule: string, value: unknown) {
  const type = restRules[rule];
  if (type === undefined) throw new Error(`The benchmark does not know the rule ${rule} of a ruleset.`);
  return value === true ? { type } : { type, parameters: snakeCase(value) };
}

/** A value with GitHub's names: `requiredApprovingReviewCount` is `required_approving_review_count`. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snakeCase(inner)]),
  );
}
