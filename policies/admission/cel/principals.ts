import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import { cel } from "./cel.js";
import type { NamedExpression } from "./policy.js";

/**
 * The principals that policies on the platform's own objects let through. Every other one is refused: a tenant's people
 * and robots as much as its service accounts.
 */

/**
 * The platform: every principal that may delete these policies. A refusal could not stop it.
 *
 * The cluster's own authorizer decides, so that no name of an administrator, pipeline or group is written here. Rights
 * that are bound within a namespace do not count, not even cluster-admin's, because the kind has no namespace.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library
 */
export const platform: NamedExpression = {
  name: "platform",
  expression: cel`
    authorizer
      .group('admissionregistration.k8s.io')
      .resource('validatingadmissionpolicybindings')
      .check('delete')
      .allowed()
  `,
};

/** Excludes the platform, whose own objects come from files that are checked when they are read. */
export const notThePlatform: NamedExpression = { name: "not-the-platform", expression: `!(${platform.expression})` };

/**
 * Kubernetes itself: garbage collection, namespace removal, quotas and the like run as accounts of kube-system, or as
 * kube-controller-manager on clusters without those. Only administrators can create accounts there.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 */
export const kubernetes: NamedExpression = {
  name: "kubernetes",
  expression: `${userIs("system:kube-controller-manager")} || ${inGroup("system:serviceaccounts:kube-system")}`,
};

/** Flux's controllers under their own names; they apply a tenant's objects under the tenant's name. */
export const flux: NamedExpression = { name: "flux", expression: inGroup(`system:serviceaccounts:${FLUX_NAMESPACE}`) };

function userIs(name: string): string {
  return `request.userInfo.username == '${name}'`;
}

function inGroup(group: string): string {
  return `'${group}' in request.userInfo.?groups.orValue([])`;
}
