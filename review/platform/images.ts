import { objectId } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";
import { containersOf } from "./pod-specs.js";

/** A name with a tag or a digest behind its last slash. */
const reference = /^(?:[^@]*\/)?[^@/:]+(?::([\w.-]+))?(@sha256:[0-9a-f]{64})?$/;

/** Images of the platform's own workloads, after the `images` of kustomizations. */
export const images: PlatformRule = {
  name: "platform-images",
  level: "mandatory",
  title: "each image in fleet/ has a tag other than latest, or a digest",
  reason: "without one, each start of a pod may run another version",
  fix: "write the version, and its digest behind it, in the manifest or in images of the kustomization",
  violations: ({ objects }) =>
    objects.flatMap((object) =>
      containersOf(object)
        .filter(({ image }) => !isPinned(image))
        .map(({ image, path }) => ({
          resource: objectId(object),
          place: object.placeOf(path),
          message: `${objectId(object)} runs ${image === "" ? "an image without a name" : image}`,
        })),
    ),
};

function isPinned(image: string): boolean {
  const [whole, tag, digest] = reference.exec(image) ?? [];
  return whole !== undefined && (digest !== undefined || (tag !== undefined && tag !== "latest"));
}
