import type { FleetSpec } from "../../config/fleet-spec.js";
import { IMAGE_AUTOMATION_ANNOTATION, TO_DEFAULT_BRANCH } from "../../lib/kubernetes/ownership-labels.js";
import { imageAutomations } from "../kinds.js";
import { accountAdvice, cel, celList, inThisNamespace, namesAccount, specChanges, textOf, textsOf } from "./cel/cel.js";
import { boundedIntervals, boundedTimeouts } from "./cel/durations.js";
import { fromAllowedRegistries, normalizedImages } from "./cel/image-reference.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { platform } from "./cel/principals.js";
import { isPublic } from "./cel/public-host.js";

/**
 * The policy on a tenant's image automation: it scans allowed registries, and pushes to a branch of its own. The object
 * names the branch that is checked out and the branch that is pushed to, and not the branch that a source follows. So
 * both must be named, must differ, and must not be the default branch of any repository of the fleet, which is
 * reviewed. The platform's own objects follow a tenant file, which says whether the default branch is meant. A refspec
 * could name every branch, and push options can merge it at once.
 * @see https://fluxcd.io/flux/components/image/imageupdateautomations/#push
 */
export function imageAutomation({ tenants, admission }: Pick<FleetSpec, "tenants" | "admission">): PolicyDefinition {
  const repositories = tenants.flatMap(({ repositories }) => repositories);
  const names = ["main", "master", ...repositories.map(({ defaultBranch }) => defaultBranch)];
  const defaultBranches = [...new Set(names)].sort();
  return {
    name: "fleet-image-automation",
    resourceRules: createOrUpdate(imageAutomations),
    matchConditions: specChanges,
    variables,
    validations: [
      {
        expression: cel`
          ${inThisNamespace(textsOf("imageRepositoryRef.namespace", "sourceRef.namespace"))}
          && !has(object.spec.accessFrom)
        `,
        message:
          "image automation must stay in this namespace: remove the namespace from imageRepositoryRef and sourceRef, and remove spec.accessFrom",
      },
      ...fromAllowedRegistries(admission.images.registries, "spec.image"),
      ...(admission.images.registries.length === 0 ? [atPublicHosts] : []),
      {
        expression: "!object.spec.?insecure.orValue(false) && !has(object.spec.proxySecretRef)",
        message: "scans must be encrypted, and must not use a proxy: remove spec.insecure and spec.proxySecretRef",
      },
      {
        expression: `object.spec.?provider.orValue('generic') == 'generic' || ${namesAccount}`,
        message: `a scan without its own account would use the cloud identity of the platform's controller: remove spec.provider, or ${accountAdvice}`,
      },
      {
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
      },
      boundedIntervals("interval"),
      boundedTimeouts("timeout"),
    ],
  };
}

/** The controller asks from inside the cluster, and without TLS where an address or a name is private. */
const atPublicHosts: Validation = {
  expression: cel`
    variables.full.all(image, ${isPublic("image.split('/')[0].split(':')[0]")})
    || variables.platform
  `,
  message:
    "scans must be at a public host: write spec.image with the name of a registry like ghcr.io, or ask the platform team for another (fleet:allowedImageRegistries)",
};

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
