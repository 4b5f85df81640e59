import { kinds } from "../kinds.js";
import { hasTenantLabel, type PolicyDefinition, resourceRules } from "./cel/policy.js";
import { kubernetesControllers, platform } from "./cel/principals.js";

/**
 * The policy on tenants' namespaces themselves, whose labels decide which pods may run and which policies hold. It is
 * separate because a namespace selector matches the namespace after the request only: a request that removes the tenant
 * label would pass. An object selector matches the object before and after.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const ownedNamespaces: PolicyDefinition = {
  name: "fleet-owned-namespaces",
  resourceRules: resourceRules(
    [kinds("", "namespaces", "namespaces/status", "namespaces/finalize")],
    ["CREATE", "UPDATE", "DELETE"],
    "Cluster",
  ),
  namespaceSelector: {},
  objectSelector: hasTenantLabel,
  variables: {
    kubernetes: kubernetesControllers("generic-garbage-collector", "namespace-controller"),
    platform,
  },
  validations: [
    {
      expression: "variables.kubernetes || variables.platform",
      message:
        "only the platform may change tenants' namespaces, with their labels and annotations: ask the platform team to change the tenant file",
    },
  ],
};
