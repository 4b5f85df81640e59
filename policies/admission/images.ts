import type { ImageRules } from "../../config/stack/admission-schema.js";
import { cel } from "./cel/cel.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  type PolicyContext,
  specChanges,
  type Validation,
} from "./cel/policy.js";

/** A list in a pod whose items have an image and a pull policy, and the names of those two fields. */
interface ImageList {
  readonly list: string;
  readonly image: string;
  readonly pullPolicy: string;
}

/** All images of a pod: of containers, init containers, ephemeral containers and image volumes. */
const imageLists: readonly ImageList[] = [
  { list: "variables.pod.containers", image: "image", pullPolicy: "imagePullPolicy" },
  { list: "variables.pod.?initContainers.orValue([])", image: "image", pullPolicy: "imagePullPolicy" },
  { list: "variables.pod.?ephemeralContainers.orValue([])", image: "image", pullPolicy: "imagePullPolicy" },
  {
    list: cel`
      variables.pod.?volumes.orValue([])
        .filter(volume, has(volume.image))
        .map(volume, volume.image)
    `,
    image: "reference",
    pullPolicy: "pullPolicy",
  },
];

/** CEL of a list of all images of a pod, with their pull policies. */
const pulledImages = imageLists
  .map(
    ({ list, image, pullPolicy }) =>
      `${list}.map(one, {'image': one.?${image}.orValue(''), 'policy': one.?${pullPolicy}.orValue('')})`,
  )
  .join(" + ");

/**
 * The policy on images of tenants' pods: from allowed registries, by digest where a stack requires it, and pulled for
 * every start.
 *
 * A node keeps the images that it pulled. With any other pull policy a pod gets an image from the node without
 * credentials for it, and so other tenants' private images. Since Kubernetes 1.35 the kubelet checks credentials even so.
 * @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 * @see https://www.kubernetes.dev/resources/keps/2535/
 */
export function images({ labels, mode }: PolicyContext, rules: ImageRules): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-images",
    labels,
    mode,
    resourceRules: podTemplateKinds(["ephemeralcontainers"]),
    matchConditions: [specChanges],
    variables: [
      pod,
      { name: "pulled", expression: pulledImages },
      { name: "images", expression: "variables.pulled.map(one, one.image)" },
      ...normalizedImages,
    ],
    validations: [
      ...fromAllowedRegistries(rules.registries, "image"),
      ...(rules.digests === "required" ? [byDigest] : []),
      rules.pullPolicy === "Always" ? alwaysPulled : noMovingTag,
    ],
  });
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
