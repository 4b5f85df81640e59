import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import type { NamedExpression } from "./policy.js";

/**
 * Who asks, as far as policies that guard the platform's own objects must know. Nobody passes by not being listed:
 * a tenant's people and robots are as much strangers as its service accounts.
 */

/**
 * The platform: whoever may take these policies away. A refusal could not stop them, so it need not; and the right is
 * asked of the cluster's own authorizer, so no name of an administrator, pipeline or group is written down here.
 * Rights bound within a namespace do not count, not even cluster-admin's: the kind has no namespace.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library
 */
export const platform: NamedExpression = {
  name: "platform",
  expression:
    "authorizer.group('admissionregistration.k8s.io').resource('validatingadmissionpolicybindings').check('delete').allowed()",
};

/** Lets the platform pass, whose own objects are from files that are checked when they are read. */
export const notThePlatform: NamedExpression = { name: "not-the-platform", expression: `!(${platform.expression})` };

/**
 * Kubernetes itself: garbage collection, removal of namespaces, quotas and the like run as accounts of kube-system, or
 * as kube-controller-manager where those are not in use. Who may make accounts there is an administrator anyway.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 */
export const kubernetes: NamedExpression = {
  name: "kubernetes",
  expression: `${userIs("system:kube-controller-manager")} || ${inGroup("system:serviceaccounts:kube-system")}`,
};

/** Flux's controllers under their own names; what they apply for a tenant they apply under the tenant's. */
export const flux: NamedExpression = { name: "flux", expression: inGroup(`system:serviceaccounts:${FLUX_NAMESPACE}`) };

function userIs(name: string): string {
  return `request.userInfo.username == '${name}'`;
}

function inGroup(group: string): string {
  return `'${group}' in request.userInfo.?groups.orValue([])`;
}
