import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { clusterRoleBindings, mapClusterRoleBindings, mapClusterRoles } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "selected-rights";

/** The suffix of API groups of Flux's own kinds; all others are Kubernetes'. */
export const fluxGroup = /(^|\.)fluxcd\.io$/;

/**
 * Removes rules for API groups whose CRDs are not installed, and subjects that are not installed.
 *
 * Otherwise Flux would have every right on those kinds if their CRDs are installed later for another purpose.
 */
export function restrictRightsToSelection(
  objects: readonly KubernetesObject[],
  context: HardenContext,
): KubernetesObject[] {
  const groups = new Set(objects.filter(({ kind }) => kind === "CustomResourceDefinition").map(groupOf));
  const selected: ReadonlySet<string> = new Set(context.selected);

  const withRoles = mapClusterRoles(objects, (role) => {
    const rules = role.rules.flatMap((rule) => {
      if (!rule.apiGroups) return [rule];
      const apiGroups = rule.apiGroups.filter((group) => !fluxGroup.test(group) || groups.has(group));
      return apiGroups.length === 0 ? [] : [{ ...rule, apiGroups }];
    });
    return { ...role, rules };
  });
  const withBindings = mapClusterRoleBindings(withRoles, (binding) => {
    const subjects = binding.subjects.filter(({ kind, name, namespace }) => {
      if (kind !== "ServiceAccount" || namespace !== FLUX_NAMESPACE) {
        throw unexpectedManifest(
          context,
          step,
          objectName(binding),
          `binds ${kind} ${namespace}/${name}, which is no account of Flux`,
        );
      }
      return selected.has(name);
    });
    return { ...binding, subjects };
  });

  for (const controller of context.selected) {
    const bound = clusterRoleBindings(withBindings).some(({ subjects }) =>
      subjects.some(({ name }) => name === controller),
    );
    if (!bound)
      throw unexpectedManifest(
        context,
        step,
        `ServiceAccount ${controller}`,
        "expected a ClusterRoleBinding that names it",
      );
  }
  return withBindings;
}

/** `gitrepositories.source.toolkit.fluxcd.io` → `source.toolkit.fluxcd.io`: a CRD is named PLURAL.GROUP. */
function groupOf(crd: KubernetesObject): string {
  return crd.metadata.name.slice(crd.metadata.name.indexOf(".") + 1);
}
