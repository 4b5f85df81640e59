import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { objectsOf } from "../release/typed-kind.js";
import { clusterRoleBindings, clusterRoles, definedKind, fluxGroup } from "./rbac.js";
import type { Step } from "./step.js";

/**
 * Removes rules for API groups whose CRDs are not installed, and subjects that are not installed. Otherwise Flux would
 * have every right on those kinds if their CRDs are installed later for another purpose.
 */
export const restrictRightsToSelection: Step = (objects, { selected, unexpected }) => {
  const groups = new Set(
    objectsOf(objects, "CustomResourceDefinition").map(({ metadata }) => definedKind(metadata.name).group),
  );
  const withRoles = clusterRoles.map(objects, (role) => {
    const rules = role.rules.flatMap((rule) => {
      if (!rule.apiGroups) return [rule];
      const apiGroups = rule.apiGroups.filter((group) => !fluxGroup.test(group) || groups.has(group));
      return apiGroups.length === 0 ? [] : [{ ...rule, apiGroups }];
    });
    return { ...role, rules };
  });

  const bound = new Set<string>();
  const withBindings = clusterRoleBindings.map(withRoles, (binding) => {
    const subjects = binding.subjects.filter(({ kind, name, namespace }) => {
      if (kind === "ServiceAccount" && namespace === FLUX_NAMESPACE) return selected.some((one) => one === name);
      throw unexpected(binding, `binds ${kind} ${namespace}/${name}, which is no account of Flux`);
    });
    for (const { name } of subjects) bound.add(name);
    return { ...binding, subjects };
  });
  const unbound = selected.find((controller) => !bound.has(controller));
  if (unbound) throw unexpected(`ServiceAccount ${unbound}`, "expected a ClusterRoleBinding that names it");
  return withBindings;
};
