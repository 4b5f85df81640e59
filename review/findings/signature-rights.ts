import { SIGNING_KEYS_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { phrase } from "../phrase.js";
import type { PlannedResource } from "../planned-resource.js";
import { type Fact, type FactFinder, fieldAt, objectText, ofKind, textAt } from "./facts.js";

/** The signatures that sources demand, and the keys whose signatures count. */
export const signatureFacts: FactFinder = (plan) => [
  ...ofKind(plan, "GitRepository").flatMap(demandedSignature),
  ...ofKind(plan, "Secret").flatMap(signers),
];

/** The signed object that each mode demands, in words. */
const signedObjects: Readonly<Record<string, readonly string[]>> = {
  HEAD: ["commit"],
  Tag: ["tag"],
  TagAndHEAD: ["commit", "tag"],
};

/** The kinds of objects that a source applies only with a signature: `commit`, `tag`. */
export function signedObjectsOf({ inputs }: PlannedResource): readonly string[] {
  if (fieldAt(inputs, "spec", "verify") === undefined) return [];
  const mode = fieldAt(inputs, "spec", "verify", "mode");
  return signedObjects[typeof mode === "string" ? mode : ""] ?? [];
}

function demandedSignature(one: PlannedResource): Fact[] {
  return signedObjectsOf(one).map((object): Fact => {
    return {
      id: JSON.stringify(["signature", objectText(one), object]),
      tenant: one.tenant,
      kind: "restriction",
      subject: `signatures of ${object}s`,
      item: phrase`${objectText(one)}`,
      appear: (sources) => phrase`Flux applies a ${[object]} of ${sources} only with a signature`,
      disappear: (sources) => phrase`Flux applies a ${[object]} of ${sources} without a signature`,
    };
  });
}

/** The content of a Secret is hidden from reviews, and its annotation shows the keys. */
function signers(one: PlannedResource): Fact[] {
  const [name, keys] = [objectText(one), textAt(one, "metadata", "annotations", SIGNING_KEYS_ANNOTATION)];
  return keys
    .split(", ")
    .filter((key) => key !== "")
    .map((key): Fact => {
      return {
        id: JSON.stringify(["signer", name, key]),
        tenant: one.tenant,
        kind: "right",
        subject: `signers of ${name}`,
        item: phrase`${key}`,
        appear: (signing) => phrase`signatures by ${signing} now count (${name})`,
        disappear: (signing) => phrase`signatures by ${signing} no longer count (${name})`,
      };
    });
}
