import { listAt } from "../findings/facts.js";
import { type BuiltObject, textOf } from "./built-platform.js";

/** Places of the spec of a pod: in workloads, in CronJobs, and in pods. */
const podSpecs = [["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"], ["spec"]];

/** A container, with its place in the object. */
export interface FoundContainer {
  readonly image: string;
  readonly path: readonly (string | number)[];
}

/** The containers of an object, whatever its kind: operators have kinds of their own with the spec of a pod. */
export function containersOf({ data }: BuiltObject): FoundContainer[] {
  return podSpecs.flatMap((spec) =>
    ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
      listAt(data, ...spec, list).map((container, index) => ({
        image: textOf({ data: { container } }, "container", "image"),
        path: [...spec, list, index, "image"],
      })),
    ),
  );
}
