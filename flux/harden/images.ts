import { containerStep } from "./controller.js";

/**
 * Pins every image by its digest, so that a moved tag changes nothing on the cluster.
 *
 * The tag stays in front of the digest (`name:v1.2.3@sha256:…`). Kubernetes ignores it; people and `flux version` read it.
 * @see https://github.com/fluxcd/flux2/blob/v2.9.2/cmd/flux/version.go (splitImageStr)
 */
export const pinImages = containerStep(({ name, container, unexpected }, { lock }) => {
  const locked = lock.controllers[name];
  if (!locked) throw unexpected(`flux.lock.json pins no image for ${name}`);
  const tagged = `${locked.image}:${locked.version}`;
  if (container.image === tagged) return { image: `${tagged}@${locked.digest}` };
  throw unexpected(`the image is ${container.image}, and flux.lock.json pins ${tagged}`);
});
