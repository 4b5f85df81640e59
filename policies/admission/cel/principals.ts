import { FLUX_CONTROLLERS } from "../../../flux/release/controllers.js";
import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import { cel, celList } from "./cel.js";
import type { Expressions } from "./policy.js";

/**
 * CEL that is true for the platform: every principal that may delete these policies. A refusal could not stop it. The
 * cluster's own authorizer decides, so that no administrator, pipeline or group is named here. Rights that are bound
 * within a namespace do not count, not even cluster-admin's, because the kind has no namespace.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library
 */
export const platform = cel`
  authorizer
    .group('admissionregistration.k8s.io')
    .resource('validatingadmissionpolicybindings')
    .check('delete')
    .allowed()
`;

/** Excludes the platform, whose own objects come from files that are checked when they are read. */
export const notThePlatform: Expressions = { "not-the-platform": `!(${platform})` };

/**
 * CEL that is true for these controllers of Kubernetes. kube-controller-manager runs each as an account of kube-system,
 * or all of them under its own name. Other accounts of kube-system, those of addons for example, are not Kubernetes.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 */
export function kubernetesControllers(...names: readonly string[]): string {
  const accounts = names.map((name) => `system:serviceaccount:kube-system:${name}`);
  return `request.userInfo.username in ${celList(["system:kube-controller-manager", ...accounts])}`;
}

/** Controllers of Kubernetes 1.36 that write objects with a namespace: the subjects of its ClusterRoles for controllers. */
const namespacedControllers = [
  ...["cronjob-controller", "daemon-set-controller", "deployment-controller", "device-taint-eviction-controller"],
  ...["disruption-controller", "endpoint-controller", "endpointslice-controller", "endpointslicemirroring-controller"],
  ...["ephemeral-volume-controller", "expand-controller", "generic-garbage-collector", "horizontal-pod-autoscaler"],
  ...["job-controller", "legacy-service-account-token-cleaner", "namespace-controller", "node-controller"],
  ...["persistent-volume-binder", "pod-garbage-collector", "pvc-protection-controller", "replicaset-controller"],
  ...["replication-controller", "resource-claim-controller", "resourcequota-controller", "root-ca-cert-publisher"],
  ...["service-account-controller", "service-controller", "statefulset-controller", "ttl-after-finished-controller"],
];

/** CEL that is true for every controller of Kubernetes that writes objects with a namespace. */
export const kubernetes = kubernetesControllers(...namespacedControllers);

/**
 * CEL that is true for Kubernetes' controllers that create objects from a template. The template was checked when a
 * tenant wrote it, and the DaemonSet controller adds tolerations of its own.
 */
export const fromTemplate = kubernetesControllers(
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "ephemeral-volume-controller",
  "job-controller",
  "replicaset-controller",
  "replication-controller",
  "statefulset-controller",
);

/** CEL that is true for accounts of the namespace, which are the tenant's, its reconciler included. */
export const ownAccount = "request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':')";

/** Selects requests of {@link ownAccount}. Controllers act under their own names, from other namespaces. */
export const byOwnAccount: Expressions = { "by-an-account-of-this-namespace": ownAccount };

/** Accounts of these controllers of Flux, as user names. */
export function fluxAccounts(controllers: readonly string[]): string[] {
  return controllers.map((name) => `system:serviceaccount:${FLUX_NAMESPACE}:${name}`).sort();
}

/**
 * CEL that is true for Flux's controllers under their own names; they apply a tenant's objects under the tenant's. Other
 * accounts of Flux's namespace are not controllers.
 */
export const flux = `request.userInfo.username in ${celList(fluxAccounts(FLUX_CONTROLLERS))}`;
