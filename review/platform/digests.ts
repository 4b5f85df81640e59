import { type BuiltObject, type BuiltPlatform, type Fault, groupOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const digest = ["spec", "ref", "digest"];
const fix = "run npx fleet lock charts, which writes the digest of the version into spec.ref.digest";

/** Artifacts of registries, of a stack that pins none of them. */
export const digests: PlatformRule = {
  name: "platform-digests",
  level: "advisory",
  title: "each OCIRepository in fleet/ has a digest",
  reason: "a registry can move a tag, also that of a version, to another artifact at any time",
  fix,
  violations: (platform) => (artifactsOf(platform).some(isPinned) ? [] : unpinned(platform)),
};

/** Artifacts of registries, of a stack that pins some of them. */
export const allDigests: PlatformRule = {
  name: "platform-all-digests",
  level: "mandatory",
  title: "a stack with the digest of one OCIRepository in fleet/ has those of all",
  reason: "the stack would look pinned, and a registry could still bring another artifact to it",
  fix,
  violations: (platform) => (artifactsOf(platform).some(isPinned) ? unpinned(platform) : []),
};

function artifactsOf({ objects }: BuiltPlatform): readonly BuiltObject[] {
  return objects.filter(
    (object) => object.data.kind === "OCIRepository" && groupOf(object) === "source.toolkit.fluxcd.io",
  );
}

function isPinned(object: BuiltObject): boolean {
  return textOf(object, ...digest) !== "";
}

function unpinned(platform: BuiltPlatform): readonly Fault[] {
  return artifactsOf(platform)
    .filter((object) => !isPinned(object))
    .map((object) => ({
      resource: objectId(object),
      place: object.placeOf(digest),
      message: `${objectId(object)} names no digest`,
    }));
}
