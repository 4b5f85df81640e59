import { type AdmissionPolicy, admissionPolicy, hasTenantLabel, type PolicyContext } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/**
 * Tenants' namespaces themselves, their labels above all: those say which pods may run and which policies hold.
 *
 * A policy of its own, because a namespace selector looks at a namespace as it would become: a request that takes the
 * tenant's label away would not be looked at. An object selector looks at both what was and what would be.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function ownedNamespaces({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-owned-namespaces",
    labels,
    mode,
    resourceRules: [
      {
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["namespaces", "namespaces/status", "namespaces/finalize"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        scope: "Cluster",
      },
    ],
    namespaceSelector: {},
    objectSelector: hasTenantLabel,
    variables: [kubernetes, platform],
    validations: [
      {
        expression: "variables.kubernetes || variables.platform",
        message:
          "tenants' namespaces are the platform's, with their labels and annotations: ask the platform team to change the tenant's file",
      },
    ],
  });
}
