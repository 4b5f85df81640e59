import { type AdmissionPolicy, admissionPolicy, createOrUpdate, type PolicyContext } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";
import { isPlatformAccount, platformAccountsText } from "./platform-accounts.js";

/**
 * Whom a tenant may give rights in its namespace, and by what.
 *
 * Kubernetes itself lets nobody give rights that he does not have. What it does not ask is to whom they go: all who are
 * logged in, say, or another cluster's pipeline. People and groups stand in the tenant's file, which somebody reads, and
 * the platform's accounts have what the platform gives them. A ClusterRole may hold more tomorrow than the tenant has
 * today; a Role is the tenant's own and is asked about whenever it changes.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function roleBindings({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-role-bindings",
    labels,
    mode,
    resourceRules: [createOrUpdate("rbac.authorization.k8s.io", ["rolebindings"])],
    matchConditions: [
      {
        // Of what is changed, who is bound; the role cannot change.
        name: "binds",
        expression: "request.operation == 'CREATE' || object.?subjects.orValue([]) != oldObject.?subjects.orValue([])",
      },
      notThePlatform,
    ],
    validations: [
      {
        expression: "object.roleRef.kind == 'Role'",
        message:
          "role bindings of your own must be to a Role of this namespace: write what is needed into a Role, because a ClusterRole may hold more than you have",
      },
      {
        expression:
          "object.?subjects.orValue([]).all(subject, subject.kind == 'ServiceAccount' && subject.?namespace.orValue('') == request.namespace)",
        message:
          "role bindings of your own must be for service accounts of this namespace: write people and groups into the tenant's file (access)",
      },
      {
        expression: `!object.?subjects.orValue([]).exists(subject, ${isPlatformAccount("subject.name")})`,
        message: `the platform's accounts (${platformAccountsText()}) have the rights that the platform gives them: bind an account of your own`,
      },
    ],
  });
}
