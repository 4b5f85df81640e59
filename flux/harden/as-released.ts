import { objectName, typeOf } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import type { Step } from "./step.js";

/** The types of objects in a release of Flux. An unknown type is refused, because no step hardens it. */
const knownTypes: ReadonlySet<string> = new Set([
  "v1/Namespace",
  "v1/ResourceQuota",
  "v1/Service",
  "v1/ServiceAccount",
  "apiextensions.k8s.io/v1/CustomResourceDefinition",
  "apps/v1/Deployment",
  "networking.k8s.io/v1/NetworkPolicy",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
]);

/**
 * Accepts only objects that look like a release: known types, each object once, in Flux's namespace or in none, and
 * without an owner. A hardened manifest is refused, because a second pass could not find what it changes.
 */
export const asReleased: Step = (objects, { unexpected }) => {
  const seen = new Set<string>();
  for (const object of objects) {
    const { labels, namespace = FLUX_NAMESPACE } = object.metadata;
    const owner = labels?.[MANAGED_BY_LABEL];
    if (owner !== undefined) {
      const label = `carries the label ${MANAGED_BY_LABEL}=${owner}`;
      throw unexpected(object, `${label}, so this is no release: it was hardened already, or rendered by another tool`);
    }
    if (!knownTypes.has(typeOf(object))) throw unexpected(object, `is of an unexpected type, ${typeOf(object)}`);
    if (seen.has(objectName(object))) throw unexpected(object, "is there more than once");
    seen.add(objectName(object));
    if (namespace !== FLUX_NAMESPACE) throw unexpected(object, `is not in the namespace ${FLUX_NAMESPACE}`);
  }
  return objects;
};
