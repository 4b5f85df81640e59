import type { ImageRules } from "../../config/stack/admission-schema.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  type PolicyContext,
  specChanges,
  type Validation,
} from "./cel/policy.js";

/** Where a pod names images: containers of every kind, ephemeral ones too, and volumes that are images. */
const imageFields: readonly (readonly [list: string, image: string, policy: string])[] = [
  ["variables.pod.containers", "image", "imagePullPolicy"],
  ["variables.pod.?initContainers.orValue([])", "image", "imagePullPolicy"],
  ["variables.pod.?ephemeralContainers.orValue([])", "image", "imagePullPolicy"],
  [
    "variables.pod.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, volume.image)",
    "reference",
    "pullPolicy",
  ],
];

const pulledImages = imageFields
  .map(
    ([list, image, policy]) =>
      `${list}.map(one, {'image': one.?${image}.orValue(''), 'policy': one.?${policy}.orValue('')})`,
  )
  .join(" + ");

/**
 * What tenants' pods may run: images of allowed registries, by digest where a stack wants it, and pulled for every
 * start.
 *
 * A node keeps what it pulled. With any other pull policy a pod gets an image from there without showing that it may
 * have it, and so the private images of other tenants. Since Kubernetes 1.35 the kubelet asks for credentials even so.
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
    "images must be named by their digest, or whoever moves a tag changes what runs: write NAME@sha256:DIGEST, as your registry shows it (fleet:imageDigests)",
};

const alwaysPulled: Validation = {
  expression: "variables.pulled.all(one, one.policy == 'Always')",
  message:
    "images must be pulled for every start, or a node hands out what another tenant pulled with its own credentials: set imagePullPolicy: Always on every container, and pullPolicy: Always on volumes that are images (fleet:imagePullPolicy)",
};

const noMovingTag: Validation = {
  expression:
    "variables.pulled.all(one, one.policy == 'Always' || one.image.contains('@') || (one.image.matches(':[^/]+$') && !one.image.endsWith(':latest')))",
  message:
    "images without a tag, or with the tag latest, are not the same on every node: write a tag or digest, or set imagePullPolicy: Always",
};
