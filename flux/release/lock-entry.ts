import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { asDeployment } from "./deployment.js";
import type { LockEntry, LockedController } from "./lock.js";
import { manifestDigest } from "./manifest-digest.js";

/** A manifest to pin. */
export interface LockEntryArgs {
  /** The https URL of the manifest. */
  readonly source: string;
  /** The manifest's objects, as released. */
  readonly objects: readonly KubernetesObject[];
  /** Controller → digest of its image, `sha256:…`, from the registry or the release's own list. */
  readonly imageDigests: Readonly<Record<string, string>>;
}

/**
 * The lock entry of a manifest, as `npx fleet lock VERSION` writes it.
 * @throws FleetError when a Deployment's image has no tag, or no digest was given for it
 */
export function lockEntry({ source, objects, imageDigests }: LockEntryArgs): LockEntry {
  const controllers = objects
    .filter(({ kind }) => kind === "Deployment")
    .map((object) => [object.metadata.name, lockedController(object, source, imageDigests)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    source,
    digest: manifestDigest(objects),
    objects: objects.length,
    controllers: Object.fromEntries(controllers),
  };
}

function lockedController(
  object: KubernetesObject,
  source: string,
  digests: Readonly<Record<string, string>>,
): LockedController {
  const fail = (message: string, fix: string) =>
    new FleetError([{ file: source, path: objectName(object), message, fix }]);

  const images = asDeployment(object).spec.template.spec.containers.map(({ image }) => image);
  const parts = images.length === 1 ? /^([^:@]+):(v[^:@]+)$/.exec(images[0] ?? "") : null;
  const [image, version] = [parts?.[1], parts?.[2]];
  if (image === undefined || version === undefined) {
    throw fail(
      `must have exactly one container, with an image such as name:v1.2.3, and has ${images.join(", ") || "none"}`,
      "Lock the manifest as it was released, not one that was changed",
    );
  }
  const digest = digests[object.metadata.name];
  if (digest === undefined) {
    throw fail(`no digest was given for the image ${image}:${version}`, "Look the digest up where the image is kept");
  }
  return { version, image, digest };
}
