import { kinds } from "../kinds.js";
import { cel, specChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";

/**
 * The policy on a tenant's own network policies: they allow connections between pods of their namespace only. Network
 * policies add up, and no policy can close what another one opens: a tenant's own could open what the platform's keeps
 * closed. A peer without a namespace is a pod of the policy's own namespace; an empty list of peers is every peer.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
export const networkPolicies: PolicyDefinition = {
  name: "fleet-network-policies",
  resourceRules: createOrUpdate(kinds("networking.k8s.io", "networkpolicies")),
  matchConditions: { ...specChanges, ...notThePlatform },
  variables: {
    ways: cel`
      object.spec.?ingress.orValue([]).map(rule, rule.?from.orValue([]))
      + object.spec.?egress.orValue([]).map(rule, rule.?to.orValue([]))
    `,
  },
  validations: [
    {
      expression: cel`
        variables.ways.all(
          peers,
          peers.size() > 0
          && peers.all(peer, has(peer.podSelector) && !has(peer.namespaceSelector) && !has(peer.ipBlock))
        )
      `,
      message:
        "your own network policies may only allow connections within this namespace: set from or to of every rule to a podSelector alone, and add other connections to the tenant file (network, imports)",
    },
  ],
};
