import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fieldAt, listAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan, Rule } from "./rule.js";

/** The one account of the platform that applies what only a cluster's administrator may. */
const platformReconciler = `${FLUX_NAMESPACE}/platform-reconciler`;

/** The role that may do everything. */
export const noClusterAdmin: Rule = {
  name: "no-cluster-admin",
  level: "mandatory",
  title: "only the platform's reconciler is cluster-admin",
  reason: "an account with this role passes every isolation of the cluster",
  fix: "bind a role with the rights that are needed, in the namespaces where they are needed",
  violations: ({ plan }) => {
    const unlimited = unlimitedRoles(plan);
    return ofKind(plan, "ClusterRoleBinding", "RoleBinding")
      .filter((binding) => unlimited.has(textAt(binding, "roleRef", "name")))
      .flatMap((resource) =>
        subjectsOf(resource)
          .filter((subject) => resource.tenant !== undefined || subject !== platformReconciler)
          .map((subject) => ({
            resource,
            message: `${subject} becomes cluster-admin ${scopeOf(resource)} by the binding ${textAt(resource, "metadata", "name")}`,
          })),
      );
  },
};

/** Names of the roles that allow everything: Kubernetes' own, and those with the same rule under another name. */
function unlimitedRoles(plan: JudgedPlan): ReadonlySet<string> {
  const unlimited = ofKind(plan, "ClusterRole", "Role").filter(({ inputs }) =>
    listAt(inputs, "rules").some((rule) =>
      ["apiGroups", "resources", "verbs"].every((part) => listAt(rule, part).includes("*")),
    ),
  );
  return new Set(["cluster-admin", ...unlimited.map((role) => textAt(role, "metadata", "name"))]);
}

function subjectsOf({ inputs }: PlannedResource): string[] {
  return listAt(inputs, "subjects").map((subject) => {
    const [kind, name, namespace] = ["kind", "name", "namespace"].map((key) => valueText(fieldAt(subject, key)));
    return kind === "ServiceAccount" ? `${namespace}/${name}` : `the ${kind?.toLowerCase()} ${name}`;
  });
}

function scopeOf(binding: PlannedResource): string {
  const namespace = textAt(binding, "metadata", "namespace");
  return namespace === "" ? "of the whole cluster" : `in ${namespace}`;
}
