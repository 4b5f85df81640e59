import { groupOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const digest = ["spec", "ref", "digest"];

/** Artifacts of registries. */
export const digests: PlatformRule = {
  name: "platform-digests",
  level: "advisory",
  title: "each OCIRepository in fleet/ has a digest",
  reason: "a registry can move a tag, also that of a version, to another artifact at any time",
  fix: "write the digest of the version into spec.ref.digest, beside the tag",
  violations: ({ objects }) =>
    objects
      .filter((object) => object.data.kind === "OCIRepository" && groupOf(object) === "source.toolkit.fluxcd.io")
      .filter((object) => textOf(object, ...digest) === "")
      .map((object) => ({
        resource: objectId(object),
        place: object.placeOf(digest),
        message: `${objectId(object)} names no digest`,
      })),
};
