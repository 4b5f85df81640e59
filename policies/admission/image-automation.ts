import { IMAGE_AUTOMATION_ANNOTATION, TO_DEFAULT_BRANCH } from "../../lib/kubernetes/ownership-labels.js";
import { cel, celList } from "./cel/cel.js";
import { maxTimeout, minInterval } from "./cel/durations.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
  specChanges,
  type Validation,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** The limits of tenants' image automation. */
export interface ImageAutomationRules {
  /** Registries that may be scanned, as for images of pods. None allows any. */
  readonly registries: readonly string[];
  /** Default branches of repositories, which are reviewed: no automation may push to them. */
  readonly branches: readonly string[];
}

/**
 * The policy on a tenant's image automation: it scans allowed registries, and pushes to a branch of its own.
 *
 * The object names the branch that is checked out and the branch that is pushed to, and not the branch that a source
 * follows. So both must be named, must differ, and must not be the default branch of any repository of the fleet. The
 * platform's own objects follow a tenant file, which says whether the default branch is meant. A refspec could name every
 * branch, and push options can merge it at once.
 * @see https://fluxcd.io/flux/components/image/imageupdateautomations/#push
 */
export function imageAutomation({ labels, mode }: PolicyContext, rules: ImageAutomationRules): AdmissionPolicy {
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
      mayPushAnywhere,
    ],
    validations: [
      inThisNamespace,
      ...fromAllowedRegistries(rules.registries, "spec.image"),
      encrypted,
      withOwnIdentity,
      toOwnBranch(rules.branches),
      minInterval(["interval"]),
      maxTimeout(["timeout"]),
    ],
  });
}

const mayPushAnywhere: NamedExpression = {
  name: "mayPushAnywhere",
  expression: cel`
    variables.platform
    || namespaceObject.metadata.?annotations[?'${IMAGE_AUTOMATION_ANNOTATION}'].orValue('') == '${TO_DEFAULT_BRANCH}'
  `,
};

const inThisNamespace: Validation = {
  expression: cel`
    [
      object.spec.?imageRepositoryRef.?namespace.orValue(''),
      object.spec.?sourceRef.?namespace.orValue('')
    ].all(name, name == '' || name == request.namespace)
    && !has(object.spec.accessFrom)
  `,
  message:
    "image automation must stay in this namespace: remove the namespace from imageRepositoryRef and sourceRef, and remove spec.accessFrom",
};

const encrypted: Validation = {
  expression: "!object.spec.?insecure.orValue(false) && !has(object.spec.proxySecretRef)",
  message: "scans must be encrypted, and must not use a proxy: remove spec.insecure and spec.proxySecretRef",
};

const withOwnIdentity: Validation = {
  expression: cel`
    object.spec.?provider.orValue('generic') == 'generic'
    || object.spec.?serviceAccountName.orValue('') != ''
  `,
  message:
    "a scan without its own account would use the cloud identity of the platform's controller: remove spec.provider, or set spec.serviceAccountName to an account of yours with a cloud identity",
};

function toOwnBranch(defaultBranches: readonly string[]): Validation {
  const branches = [...new Set(defaultBranches)].sort();
  return {
    expression: cel`
      request.resource.resource != 'imageupdateautomations'
      || variables.mayPushAnywhere
      || (
        variables.checkout.?branch.orValue('') != ''
        && variables.checkout.all(field, field == 'branch')
        && variables.branch != ''
        && variables.push.all(field, field == 'branch')
        && variables.branch != variables.checkout.branch
        && !(variables.branch in ${celList(branches)})
      )
    `,
    message: `image automation must push to a branch of its own, not to a default branch (${branches.join(", ")}): set spec.git.checkout.ref.branch, set spec.git.push.branch to another one, and remove all other fields of both, or ask the platform team for the right`,
  };
}
