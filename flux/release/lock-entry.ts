import { fleetError } from "../../lib/diagnostics/problem.js";
import { objectName } from "../../lib/kubernetes/object.js";
import { type Deployment, deployments } from "./deployment.js";
import type { LockEntry, LockedController } from "./lock.js";
import { manifestDigest } from "./manifest-digest.js";
import type { Manifest } from "./typed-kind.js";

/** An image with its registry, and its tag. */
export type TaggedImage = Pick<LockedController, "image" | "version">;

/**
 * The lock entry of a manifest, as `npx fleet lock VERSION` writes it.
 * @param source https URL of the manifest
 * @param imageDigests digest of each controller's image
 * @throws FleetError when a Deployment's image has no tag, or no digest was given for it
 */
export function lockEntry(
  source: string,
  objects: Manifest,
  imageDigests: Readonly<Record<string, string>>,
): LockEntry {
  const controllers = Object.entries(imagesOf(objects, source)).map(([name, { image, version }]) => {
    const digest = imageDigests[name];
    if (digest !== undefined) return [name, { version, image, digest }] as const;
    const message = `no digest was given for the image ${image}:${version}`;
    throw fleetError(source, `Deployment ${name}`, message, "Look the digest up where the image is kept");
  });
  const digest = manifestDigest(objects);
  return { source, digest, objects: objects.length, controllers: Object.fromEntries(controllers) };
}

/**
 * The image of each Deployment, by the controller's name.
 * @throws FleetError when a Deployment has not exactly one image, of the form name:version
 */
export function imagesOf(objects: Manifest, source: string): Readonly<Record<string, TaggedImage>> {
  const images = deployments.of(objects).map((one) => [one.metadata.name, imageOf(one, source)] as const);
  return Object.fromEntries(images.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function imageOf(deployment: Deployment, source: string): TaggedImage {
  const images = deployment.spec.template.spec.containers.map(({ image }) => image);
  const [, image, version] = /^([^:@\s]+):(v[^:@\s]+)$/.exec(images.join(" ")) ?? [];
  if (image !== undefined && version !== undefined) return { image, version };
  const message = `must have exactly one container, with an image such as name:v1.2.3, and has ${images.join(", ") || "none"}`;
  const fix = "Lock the manifest as it was released, not one that was changed";
  throw fleetError(source, objectName(deployment), message, fix);
}
