import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type KubernetesObject, objectName, typeOf } from "../../lib/kubernetes/object.js";

type Register = (name: string, object: KubernetesObject, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Pulumi's class for each type in a hardened release, by `apiVersion/Kind`. */
const registrations: Readonly<Record<string, Register>> = {
  "v1/Namespace": of(k8s.core.v1.Namespace),
  "v1/ResourceQuota": of(k8s.core.v1.ResourceQuota),
  "v1/Service": of(k8s.core.v1.Service),
  "v1/ServiceAccount": of(k8s.core.v1.ServiceAccount),
  "apiextensions.k8s.io/v1/CustomResourceDefinition": of(k8s.apiextensions.v1.CustomResourceDefinition),
  "apps/v1/Deployment": of(k8s.apps.v1.Deployment),
  "networking.k8s.io/v1/NetworkPolicy": of(k8s.networking.v1.NetworkPolicy),
  "rbac.authorization.k8s.io/v1/ClusterRole": of(k8s.rbac.v1.ClusterRole),
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": of(k8s.rbac.v1.ClusterRoleBinding),
  "rbac.authorization.k8s.io/v1/Role": of(k8s.rbac.v1.Role),
  "rbac.authorization.k8s.io/v1/RoleBinding": of(k8s.rbac.v1.RoleBinding),
};

/**
 * Patches the service account `default`, which Kubernetes creates in every namespace and creates again after a deletion.
 * The provider would wait in vain for its deletion, so a destroy leaves it.
 */
const patchServiceAccount = of(k8s.core.v1.ServiceAccountPatch);

/**
 * Registers an object as the typed resource of its kind.
 * @throws Error for a type that is not listed above
 */
export const registerObject: Register = (name, object, opts) => {
  const type = typeOf(object);
  const isDefaultAccount = type === "v1/ServiceAccount" && object.metadata.name === "default";
  const register = isDefaultAccount ? patchServiceAccount : registrations[type];
  if (register) return register(name, object, opts);
  throw new Error(
    `${objectName(object)} is of the type ${type}, which cannot be registered: add it to components/flux/resource-types.ts`,
  );
};

/** A class as a {@link Register}: manifests are plain data, which the API server validates. */
function of<Args>(
  Resource: new (name: string, args: Args, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource,
): Register {
  return (name, object, opts) => new Resource(name, object as unknown as Args, opts);
}
