import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { FLUX_CONTROLLERS } from "../release/controllers.js";
import type { Manifest } from "../release/typed-kind.js";

/**
 * Kinds in the order of their installation. Each group needs only those before it. CRDs and rights need nothing of each
 * other. Controllers need both.
 */
export const INSTALL_ORDER: readonly (readonly string[])[] = [
  ["Namespace"],
  [
    "CustomResourceDefinition",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "ResourceQuota",
    "NetworkPolicy",
  ],
  ["Service"],
  ["Deployment"],
];

/**
 * Deployments in the order in which a new version rolls them out: those that fetch, those that apply, all others. What
 * applies then finds a source that it knows.
 */
export function rolloutOrder(deployments: Manifest): KubernetesObject[] {
  const place = ({ metadata: { name } }: KubernetesObject) =>
    FLUX_CONTROLLERS.findIndex((controller) => name === controller || name.startsWith(`${controller}-`));
  return [...deployments].sort((a, b) => place(a) - place(b));
}

/** Sorts objects by {@link INSTALL_ORDER}, and by name within a kind, whatever order the manifest had. */
export function orderObjects(objects: Manifest): KubernetesObject[] {
  const kinds = INSTALL_ORDER.flat();
  const key = (object: KubernetesObject): string => {
    const index = kinds.indexOf(object.kind);
    return `${String(index === -1 ? kinds.length : index).padStart(3, "0")} ${objectName(object)}`;
  };
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
