import { fieldAt, listAt, objectText, ofKind, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { Rule } from "./rule.js";

const workloads = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"];
/** The specs of pods in them. */
const podSpecs = [["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"], ["spec"]];
const digest = /@sha256:[0-9a-f]{64}$/;

/** Images of the controllers. */
export const pinnedImages: Rule = {
  name: "pinned-images",
  level: "mandatory",
  title: "each image that the program deploys is pinned by digest",
  reason: "a tag can be moved to another image at any time",
  fix: "write the digest behind the tag; npx fleet lock does it for Flux",
  violations: ({ plan }) =>
    ofKind(plan, ...workloads).flatMap((resource) =>
      imagesOf(resource)
        .filter((image) => !digest.test(image))
        .map((image) => ({ resource, message: `${objectText(resource)} runs ${image || "an image without a name"}` })),
    ),
};

function imagesOf({ inputs }: PlannedResource): string[] {
  return podSpecs.flatMap((path) =>
    ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
      listAt(inputs, ...path, list).map((container) => valueText(fieldAt(container, "image") ?? "")),
    ),
  );
}
