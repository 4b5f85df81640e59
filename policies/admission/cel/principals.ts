import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import { cel } from "./cel.js";
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
 * CEL that is true for Kubernetes itself: garbage collection, namespace removal, quotas and the like run as accounts of
 * kube-system, or as kube-controller-manager on clusters without those. Only administrators can create accounts there.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 */
export const kubernetes = cel`
  request.userInfo.username == 'system:kube-controller-manager' || ${isAccountOf("kube-system")}
`;

/** CEL that is true for Flux's controllers under their own names; they apply a tenant's objects under the tenant's. */
export const flux = isAccountOf(FLUX_NAMESPACE);

function isAccountOf(namespace: string): string {
  return `'system:serviceaccounts:${namespace}' in request.userInfo.?groups.orValue([])`;
}
