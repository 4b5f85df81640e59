import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, specChanges } from "./cel/cel.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import { missingSettings, withMissingSettings } from "./cel/missing-settings.js";
import { podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition, Validation } from "./cel/policy.js";

/**
 * The policy on images of tenants' pods: from allowed registries, by digest where a stack requires it, and pulled for
 * every start. A node keeps the images that it pulled. With any other pull policy a pod gets other tenants' private
 * images from the node, without credentials for them. Since Kubernetes 1.35 the kubelet checks credentials even so.
 * @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 * @see https://www.kubernetes.dev/resources/keps/2535/
 */
export function images(admission: FleetSpec["admission"]): PolicyDefinition {
  const { registries, digests, pullPolicy } = admission.images;
  return {
    name: "fleet-images",
    resourceRules: podTemplateKinds("ephemeralcontainers"),
    matchConditions: specChanges,
    variables: {
      ...missingSettings(admission),
      pulled,
      images: "variables.pulled.map(one, one.image)",
      ...normalizedImages,
    },
    validations: [
      ...fromAllowedRegistries(registries, "image"),
      ...(digests === "required" ? [byDigest] : []),
      pullPolicy === "Always" ? withMissingSettings(alwaysPulled) : noMovingTag,
    ],
  };
}

/** All images of a pod with their pull policies: of containers of each kind, and of image volumes. */
const pulled = [
  pulledBy("variables.pod.containers"),
  pulledBy("variables.pod.?initContainers.orValue([])"),
  pulledBy("variables.pod.?ephemeralContainers.orValue([])"),
  pulledBy(
    "variables.pod.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, volume.image)",
    "reference",
    "pullPolicy",
  ),
].join(" + ");

function pulledBy(list: string, image = "image", pullPolicy = "imagePullPolicy"): string {
  return `${list}.map(one, {'image': one.?${image}.orValue(''), 'policy': one.?${pullPolicy}.orValue('')})`;
}

const byDigest: Validation = {
  expression: "variables.images.all(image, image.matches('@sha256:[a-f0-9]{64}$'))",
  message:
    "images must have a digest, because tags can be moved: write NAME@sha256:DIGEST, as your registry shows it (fleet:imageDigests)",
};

const alwaysPulled: Validation = {
  expression: "variables.pulled.all(one, one.policy == 'Always')",
  message:
    "images must be pulled for every start, because nodes keep other tenants' private images: set imagePullPolicy: Always on every container, and pullPolicy: Always on image volumes (fleet:imagePullPolicy)",
};

const noMovingTag: Validation = {
  expression: cel`
    variables.pulled.all(
      one,
      one.policy == 'Always'
      || one.image.contains('@')
      || (one.image.matches(':[^/]+$') && !one.image.endsWith(':latest'))
    )
  `,
  message:
    "images without a tag, or with the tag latest, can differ between nodes: write a tag or digest, or set imagePullPolicy: Always",
};
