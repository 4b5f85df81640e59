import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fieldAt, listAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { Rule } from "./rule.js";

/** The one account of the platform that applies what only a cluster's administrator may. */
const platformReconciler = `${FLUX_NAMESPACE}/platform-reconciler`;

/** The role that may do everything. */
export const noClusterAdmin: Rule = {
  name: "no-cluster-admin",
  level: "mandatory",
  title: "only the platform's reconciler is cluster-admin",
  reason: "an account with this role passes every isolation of the cluster",
  fix: "bind a role with the rights that are needed, in the namespaces where they are needed",
  violations: ({ plan }) =>
    ofKind(plan, "ClusterRoleBinding", "RoleBinding")
      .filter((binding) => textAt(binding, "roleRef", "name") === "cluster-admin")
      .flatMap((resource) =>
        subjectsOf(resource)
          .filter((subject) => resource.tenant !== undefined || subject !== platformReconciler)
          .map((subject) => ({
            resource,
            message: `${subject} becomes cluster-admin ${scopeOf(resource)} by the binding ${textAt(resource, "metadata", "name")}`,
          })),
      ),
};

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
