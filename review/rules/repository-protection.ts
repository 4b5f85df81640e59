import { isCodeOwners, ownedPatterns } from "../code-owners.js";
import { fieldAt, listAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan, Rule, Violation } from "./rule.js";

/** Protection of default branches. */
export const repositoryProtection: Rule = {
  name: "repository-protection",
  level: "mandatory",
  title:
    "the default branch of each repository can be neither deleted nor force-pushed, and no change removes a protection",
  reason: "Flux applies this branch, and its history is the record of what ran",
  fix: "keep repository.protection, or fleet:platformRepository.protection and its owners, as it was",
  violations: ({ plan, before }) => [
    ...unprotected(plan),
    ...(before === undefined ? [] : [...loosened(plan, before), ...ownerless(plan, before)]),
  ],
};

/** Repositories of the stack without an active ruleset that keeps the default branch. */
function unprotected(plan: JudgedPlan): Violation[] {
  return repositories(plan)
    .filter((one) => !rulesetsOf(plan, textAt(one, "name")).some(keepsBranch))
    .map((resource) => violation(resource, `the default branch of ${textAt(resource, "name")} is not protected`));
}

/** Rulesets that a change removes, turns off, or takes rules from. */
function loosened(plan: JudgedPlan, before: JudgedPlan): Violation[] {
  return repositories(plan).flatMap((resource) => {
    const name = textAt(resource, "name");
    const now = new Set(rulesetsOf(plan, name).flatMap(rulesOf));
    const gone = new Set(
      rulesetsOf(before, name)
        .flatMap(rulesOf)
        .filter((rule) => !now.has(rule)),
    );
    const exceptions = new Set(rulesetsOf(before, name).flatMap(exceptionsOf));
    const added = rulesetsOf(plan, name)
      .flatMap(exceptionsOf)
      .filter((exception) => !exceptions.has(exception));
    return [
      ...[...gone].map((rule) => violation(resource, `${name} is no longer protected by ${rule}`)),
      ...added.map((exception) => violation(resource, `the protection of ${name} ${exception}`)),
    ];
  });
}

/** The patterns of a CODEOWNERS file that a change removes or covers: their files may have other owners, or none. */
function ownerless(plan: JudgedPlan, before: JudgedPlan): Violation[] {
  return repositories(plan).flatMap((resource) => {
    const name = textAt(resource, "name");
    const now = patternsOf(plan, name);
    const gone = patternsOf(before, name).filter((pattern) => !now.includes(pattern));
    return gone.map((pattern) => violation(resource, `${pattern} of ${name} no longer has code owners of its own`));
  });
}

/** The patterns that have code owners. */
function patternsOf(plan: JudgedPlan, repository: string): string[] {
  return ofKind(plan, "RepositoryFile")
    .filter((one) => textAt(one, "repository") === repository && isCodeOwners(one))
    .flatMap(ownedPatterns)
    .map(({ pattern }) => pattern);
}

function violation(resource: PlannedResource, message: string): Violation {
  if (resource.tenant === undefined) return { resource, message, setting: "fleet:platformRepository.protection" };
  return { resource, message, field: ["repository", "protection"] };
}

function repositories(plan: JudgedPlan): PlannedResource[] {
  return ofKind(plan, "Repository").filter(({ type }) => type.startsWith("github:"));
}

function rulesetsOf(plan: JudgedPlan, repository: string): PlannedResource[] {
  return ofKind(plan, "RepositoryRuleset").filter(
    (one) => textAt(one, "repository") === repository && textAt(one, "enforcement") === "active",
  );
}

function keepsBranch({ inputs }: PlannedResource): boolean {
  const branches = listAt(inputs, "conditions", "refName", "includes").map(valueText);
  const rules = fieldAt(inputs, "rules");
  return (
    // A ruleset of tags, or one that excludes branches again, protects no default branch.
    (fieldAt(inputs, "target") ?? "branch") === "branch" &&
    listAt(inputs, "conditions", "refName", "excludes").length === 0 &&
    branches.some((branch) => branch === "~DEFAULT_BRANCH" || branch === "~ALL") &&
    listAt(inputs, "bypassActors").length === 0 &&
    fieldAt(rules, "deletion") === true &&
    fieldAt(rules, "nonFastForward") === true
  );
}

/** Repository administrators may change the ruleset itself. The program needs their bypass to commit a CODEOWNERS file. */
const administrators = "RepositoryRole 5";

/** The actors and branches for which a ruleset with rules does not hold. */
function exceptionsOf(ruleset: PlannedResource): string[] {
  const { inputs } = ruleset;
  const name = textAt(ruleset, "name");
  const actors = listAt(inputs, "bypassActors")
    .map((actor) => ["actorType", "actorId"].map((key) => valueText(fieldAt(actor, key) ?? "")).join(" "))
    .filter((actor) => actor !== administrators);
  const excluded = listAt(inputs, "conditions", "refName", "excludes").map(valueText);
  return [
    ...actors.map((actor) => `by ${name} may be bypassed by ${actor}`),
    ...excluded.map((branch) => `by ${name} leaves out ${branch}`),
  ];
}

/** Each rule of a ruleset as text. A number that grows is another rule, but the smaller one stays in force with it. */
function rulesOf(ruleset: PlannedResource): string[] {
  const { inputs } = ruleset;
  const rules = fieldAt(inputs, "rules");
  if (typeof rules !== "object" || rules === null) return [];
  const branches = listAt(inputs, "conditions", "refName", "includes").map(valueText);
  return [
    ...Object.entries(rules).flatMap(([rule, value]) => (value === false ? [] : [rule, ...partsOf(rule, value)])),
    ...branches.map((branch) => `${textAt(ruleset, "name")} on ${branch}`),
  ];
}

/** The parts of a rule that make it stricter: settings that are on, required checks, and numbers of approvals. */
function partsOf(rule: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (part === true) return [`${rule}.${key}`];
    if (typeof part === "number") return Array.from({ length: part }, (_, index) => `${rule}.${key} of ${index + 1}`);
    return listAt(value, key).map((item) => `${rule}.${key} ${valueText(fieldAt(item, "context") ?? item)}`);
  });
}
