import { phrase } from "../phrase.js";
import type { PlannedResource } from "../planned-resource.js";
import { type Fact, type FactFinder, ofKind, textAt } from "./facts.js";

/**
 * The branches and ranges that a stack with a predecessor follows: a push to one reaches the stack at once, before the
 * predecessor has run it. Sources that nothing applies do not count.
 */
export const followedFacts: FactFinder = (plan) => {
  const { promotesFrom } = plan;
  if (promotesFrom === undefined) return [];
  const applied = new Set(ofKind(plan, "Kustomization").map((one) => placeOf(one, "spec", "sourceRef", "name")));
  return ofKind(plan, "GitRepository")
    .filter((one) => applied.has(placeOf(one, "metadata", "name")))
    .flatMap((one) => followedFact(one, { stack: plan.stack, promotesFrom }));
};

function placeOf(one: PlannedResource, ...name: readonly string[]): string {
  return `${textAt(one, "metadata", "namespace")}/${textAt(one, ...name)}`;
}

function followedFact(
  one: PlannedResource,
  { stack, promotesFrom }: { readonly stack: string; readonly promotesFrom: string },
): Fact[] {
  const ref = (field: string) => textAt(one, "spec", "ref", field);
  const moving = ref("semver") || (ref("tag") ? "" : ref("branch"));
  if (ref("commit") !== "" || moving === "") return [];
  const repository = textAt(one, "spec", "url")
    .split("/")
    .slice(-2)
    .join("/")
    .replace(/\.git$/, "");
  return [
    {
      id: JSON.stringify(["followed", placeOf(one, "metadata", "name")]),
      tenant: one.tenant,
      kind: "right",
      subject: "followed revisions",
      item: phrase`${moving} of ${repository}`,
      appear: (items) => phrase`each push to ${items} reaches ${stack} at once, before ${promotesFrom} has run it`,
      disappear: (items) => phrase`pushes to ${items} no longer reach ${stack} before ${promotesFrom} has run them`,
    },
  ];
}
