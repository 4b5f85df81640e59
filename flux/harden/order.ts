import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";

/** Kinds in the order in which they are installed; each group needs only those before it. */
export const INSTALL_ORDER: readonly (readonly string[])[] = [
  ["Namespace"],
  ["CustomResourceDefinition"],
  ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ResourceQuota", "NetworkPolicy"],
  ["Service"],
  ["Deployment"],
];

/**
 * The objects in the order of {@link INSTALL_ORDER}, and by name within a kind: the same objects give the same list,
 * whatever order the manifest had.
 */
export function orderObjects(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const kinds = INSTALL_ORDER.flat();
  const key = (object: KubernetesObject): string => {
    const index = kinds.indexOf(object.kind);
    return `${String(index === -1 ? kinds.length : index).padStart(3, "0")} ${objectName(object)}`;
  };
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
