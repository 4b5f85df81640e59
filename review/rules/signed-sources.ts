import { ofKind, textAt } from "../findings/facts.js";
import { signedObjectsOf } from "../findings/signature-rights.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan, Rule, Violation } from "./rule.js";

/** Signatures that Flux demands of commits and tags. */
export const signedSources: Rule = {
  name: "signed-sources",
  level: "mandatory",
  onlyChanges: true,
  title: "no change has Flux apply without a signature what it applied with one alone",
  reason: "a push to the repository would then be deployed without a key that signs",
  fix: "keep sync.verify, or fleet:platformRepository.verify, as it was",
  violations: ({ plan, before }) => (before === undefined ? [] : sources(plan).flatMap((one) => lost(one, before))),
};

/** Image automation applies nothing: it pushes to a branch. */
function sources(plan: JudgedPlan): PlannedResource[] {
  return ofKind(plan, "GitRepository").filter((one) => !textAt(one, "metadata", "name").endsWith("-image-updates"));
}

/** The signatures of which a source needs fewer than the same source before, or than all earlier ones of its repository. */
function lost(one: PlannedResource, before: JudgedPlan): Violation[] {
  const isSame = (field: readonly string[]) => (other: PlannedResource) =>
    textAt(other, ...field) === textAt(one, ...field);
  const inNamespace = sources(before).filter(isSame(["metadata", "namespace"]));
  const same = inNamespace.filter(isSame(["metadata", "name"]));
  const earlier = same.length > 0 ? same : inNamespace.filter(isSame(["spec", "url"]));
  const now = signedObjectsOf(one);
  const demanded = ["commit", "tag"].filter(
    (object) => earlier.length > 0 && earlier.every((other) => signedObjectsOf(other).includes(object)),
  );
  const name = `${textAt(one, "metadata", "namespace")}/${textAt(one, "metadata", "name")}`;
  return demanded
    .filter((object) => !now.includes(object))
    .map((object) => {
      const message = `the source ${name} no longer demands a signed ${object}`;
      return { resource: one, message, field: ["sync", "verify"] };
    });
}
