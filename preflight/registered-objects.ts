import type { FleetSpec } from "../config/fleet-spec.js";
import {
  CLUSTER_VARIABLES,
  PLATFORM_BINDING,
  PLATFORM_GIT_SECRET,
  PLATFORM_RECONCILER,
  PLATFORM_SOURCE,
  PLATFORM_VERIFY_SECRET,
} from "../config/names.js";
import { PLATFORM_TOKEN } from "../config/stack/git-tokens.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../lib/kubernetes/ownership-labels.js";
import { fixedPolicies, sourcePolicy } from "../policies/admission/policies.js";
import { operatorRole, viewerRole } from "../policies/rbac/people.js";
import { tenantRole } from "../policies/rbac/reconciler.js";
import { robotRole } from "../policies/rbac/robot.js";
import { type RegisteredObject, registered } from "./registered-object.js";
import { credentialName, tenantObjects } from "./tenant-objects.js";

/**
 * Every object of a cluster that the program registers. The components decide what they contain. A unit test compares
 * this list with what they register.
 * @param fluxObjects the objects of Flux, hardened
 */
export function registeredObjects(spec: FleetSpec, fluxObjects: readonly KubernetesObject[]): RegisteredObject[] {
  return [
    ...fluxObjects.filter((object) => !isDefaultAccount(object)).map(ofManifest),
    ...[...fixedPolicies(spec), sourcePolicy(spec)].flatMap(({ policy, binding }) => [
      registered("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", policy.metadata.name),
      registered("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", binding.metadata.name),
    ]),
    ...[tenantRole, viewerRole, operatorRole, robotRole].map((name) => registered(clusterRole, name)),
    ...spec.platform.addons.map(({ role }) => registered(clusterRole, role)),
    registered("rbac.authorization.k8s.io/v1:ClusterRoleBinding", PLATFORM_BINDING),
    registered("core/v1:ServiceAccount", PLATFORM_RECONCILER, FLUX_NAMESPACE),
    registered("core/v1:ConfigMap", CLUSTER_VARIABLES, FLUX_NAMESPACE),
    registered("core/v1:Secret", credentialName(spec, PLATFORM_TOKEN, PLATFORM_GIT_SECRET), FLUX_NAMESPACE),
    ...(spec.platform.verify ? [registered("core/v1:Secret", PLATFORM_VERIFY_SECRET, FLUX_NAMESPACE)] : []),
    registered("source.toolkit.fluxcd.io/v1:GitRepository", PLATFORM_SOURCE, FLUX_NAMESPACE),
    registered("kustomize.toolkit.fluxcd.io/v1:Kustomization", PLATFORM_SOURCE, FLUX_NAMESPACE),
    ...spec.tenants.flatMap((tenant) => tenantObjects(tenant, spec)),
  ];
}

const clusterRole = "rbac.authorization.k8s.io/v1:ClusterRole";

/** Kubernetes creates this account in every namespace, and the program adds fields to it. */
function isDefaultAccount({ kind, metadata }: KubernetesObject): boolean {
  return kind === "ServiceAccount" && metadata.name === "default";
}

function ofManifest({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): RegisteredObject {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  return registered(`${group}/${version}:${kind}`, name, namespace);
}
