import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "images";

/**
 * Pins every image by its digest, so that a moved tag changes nothing on the cluster.
 *
 * The tag stays in front of the digest (`name:v1.2.3@sha256:…`). Kubernetes ignores it, people read it, and `flux
 * version` reads name and version from it. With a digest alone it would show a controller called `name@sha256`.
 * @see https://github.com/fluxcd/flux2/blob/v2.9.2/cmd/flux/version.go (splitImageStr)
 */
export function pinImages(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, container }, deployment) => {
    const locked = context.lock.controllers[name];
    if (!locked) {
      throw unexpectedManifest(context, step, objectName(deployment), `flux.lock.json pins no image for ${name}`);
    }
    const tagged = `${locked.image}:${locked.version}`;
    if (container.image !== tagged) {
      throw unexpectedManifest(
        context,
        step,
        objectName(deployment),
        `the image is ${container.image}, and flux.lock.json pins ${tagged}`,
      );
    }
    return { ...container, image: `${tagged}@${locked.digest}` };
  });
}
