import { IMAGE_AUTOMATION_ANNOTATION, TO_DEFAULT_BRANCH } from "../../lib/kubernetes/ownership-labels.js";
import { imageAutomations } from "../kinds.js";
import { cel, celList } from "./cel/cel.js";
import { specChanges } from "./cel/changes.js";
import { maxTimeout, minInterval } from "./cel/durations.js";
import { allInThisNamespace, nameCloudAccount, namesAccount, textOf, textsOf } from "./cel/fields.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
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
export function imageAutomation({ registries, branches }: ImageAutomationRules): PolicyDefinition {
  return {
    name: "fleet-image-automation",
    resourceRules: createOrUpdate(imageAutomations),
    matchConditions: specChanges,
    variables,
    validations: [
      inThisNamespace,
      ...fromAllowedRegistries(registries, "spec.image"),
      encrypted,
      withOwnIdentity,
      toOwnBranch([...new Set(branches)].sort()),
      minInterval("interval"),
      maxTimeout("timeout"),
    ],
  };
}

const variables: Expressions = {
  images: `[${textOf("image")}].filter(image, image != '')`,
  ...normalizedImages,
  checkout: "object.spec.?git.?checkout.?ref.orValue({})",
  push: "object.spec.?git.?push.orValue({})",
  branch: "variables.push.?branch.orValue('')",
  platform,
  mayPushAnywhere: cel`
    variables.platform
    || namespaceObject.metadata.?annotations[?'${IMAGE_AUTOMATION_ANNOTATION}'].orValue('') == '${TO_DEFAULT_BRANCH}'
  `,
};

const inThisNamespace: Validation = {
  expression: cel`
    ${allInThisNamespace(textsOf("imageRepositoryRef.namespace", "sourceRef.namespace"))}
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
  expression: `object.spec.?provider.orValue('generic') == 'generic' || ${namesAccount}`,
  message: `a scan without its own account would use the cloud identity of the platform's controller: remove spec.provider, or ${nameCloudAccount}`,
};

function toOwnBranch(defaultBranches: readonly string[]): Validation {
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
        && !(variables.branch in ${celList(defaultBranches)})
      )
    `,
    message: `image automation must push to a branch of its own, not to a default branch (${defaultBranches.join(", ")}): set spec.git.checkout.ref.branch, set spec.git.push.branch to another one, and remove all other fields of both, or ask the platform team for the right`,
  };
}
