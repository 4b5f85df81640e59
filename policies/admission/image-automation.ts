import { IMAGE_AUTOMATION_ANNOTATION, TO_DEFAULT_BRANCH } from "../../lib/kubernetes/ownership-labels.js";
import { maxTimeout, minInterval } from "./cel/durations.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** What image automation of tenants keeps to. */
export interface ImageAutomationRules {
  /** Registries that may be scanned, as for images of pods. None means any. */
  readonly registries: readonly string[];
  /** Branches that are reviewed, so that no automation may push to them: the default branches of repositories. */
  readonly branches: readonly string[];
}

/**
 * A tenant's image automation: scans allowed registries, and pushes to a branch of its own.
 *
 * The object says which branch is checked out and which is pushed; that a source follows `main`, it does not say. So the
 * branch must be named in both places, differ, and be none of those that any repository of the fleet has as its
 * default. What the platform itself makes is from a tenant's file, which says so if the default branch is meant. A refspec
 * could name every branch, and options of a push can merge it at once.
 * @see https://fluxcd.io/flux/components/image/imageupdateautomations/#push
 */
export function imageAutomation({ labels, mode }: PolicyContext, rules: ImageAutomationRules): AdmissionPolicy {
  const branches = [...new Set(rules.branches)].sort();
  return admissionPolicy({
    name: "fleet-image-automation",
    labels,
    mode,
    resourceRules: [
      createOrUpdate("image.toolkit.fluxcd.io", ["imagerepositories", "imagepolicies", "imageupdateautomations"]),
    ],
    matchConditions: [specChanges],
    variables: [
      { name: "images", expression: "[object.spec.?image.orValue('')].filter(image, image != '')" },
      ...normalizedImages,
      { name: "checkout", expression: "object.spec.?git.?checkout.?ref.orValue({})" },
      { name: "push", expression: "object.spec.?git.?push.orValue({})" },
      { name: "branch", expression: "variables.push.?branch.orValue('')" },
      platform,
      {
        name: "mayPushAnywhere",
        expression: `variables.platform || namespaceObject.metadata.?annotations[?'${IMAGE_AUTOMATION_ANNOTATION}'].orValue('') == '${TO_DEFAULT_BRANCH}'`,
      },
    ],
    validations: [
      {
        expression:
          "[object.spec.?imageRepositoryRef.?namespace.orValue(''), object.spec.?sourceRef.?namespace.orValue('')].all(name, name == '' || name == request.namespace) && !has(object.spec.accessFrom)",
        message:
          "image automation must stay in this namespace: remove the namespace from imageRepositoryRef and sourceRef, and remove spec.accessFrom",
      },
      ...fromAllowedRegistries(rules.registries, "spec.image"),
      {
        expression: "!object.spec.?insecure.orValue(false) && !has(object.spec.proxySecretRef)",
        message:
          "registries must be asked encrypted, and not by a proxy that nobody allowed: remove spec.insecure and spec.proxySecretRef",
      },
      {
        expression:
          "object.spec.?provider.orValue('generic') == 'generic' || object.spec.?serviceAccountName.orValue('') != ''",
        message:
          "without an account of its own a scan would use the cloud identity of the platform's controller: remove spec.provider, or set spec.serviceAccountName to an account of yours with a cloud identity",
      },
      {
        expression: `request.resource.resource != 'imageupdateautomations' || variables.mayPushAnywhere || (${ownBranch(branches)})`,
        message: `image automation must push to a branch of its own, not to a default branch (${branches.join(", ")}): set spec.git.checkout.ref.branch, set spec.git.push.branch to another one, and remove whatever else is in these two, or ask the platform team for the right`,
      },
      minInterval(["interval"]),
      maxTimeout(["timeout"]),
    ],
  });
}

function ownBranch(reviewed: readonly string[]): string {
  return [
    "variables.checkout.?branch.orValue('') != ''",
    "variables.checkout.all(field, field == 'branch')",
    "variables.branch != ''",
    "variables.push.all(field, field == 'branch')",
    "variables.branch != variables.checkout.branch",
    `!(variables.branch in ${celList(reviewed)})`,
  ].join(" && ");
}
