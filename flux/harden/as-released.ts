import { type KubernetesObject, objectName, typeOf } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "as-released";

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
 * without an owner.
 *
 * A hardened manifest has the ownership label already and is refused, because a second pass could not find what it
 * changes.
 */
export function asReleased(objects: readonly KubernetesObject[], context: HardenContext): readonly KubernetesObject[] {
  const seen = new Set<string>();
  for (const object of objects) {
    const name = objectName(object);
    const owner = object.metadata.labels?.[MANAGED_BY_LABEL];
    if (owner !== undefined) {
      throw unexpectedManifest(
        context,
        step,
        name,
        `carries the label ${MANAGED_BY_LABEL}=${owner}, so this is no release: it was hardened already, or rendered by another tool`,
      );
    }
    if (!knownTypes.has(typeOf(object)))
      throw unexpectedManifest(context, step, name, `is of an unexpected type, ${typeOf(object)}`);
    if (seen.has(name)) throw unexpectedManifest(context, step, name, "is there more than once");
    seen.add(name);
    const { namespace } = object.metadata;
    if (namespace !== undefined && namespace !== FLUX_NAMESPACE) {
      throw unexpectedManifest(context, step, name, `is not in the namespace ${FLUX_NAMESPACE}`);
    }
  }
  return objects;
}
