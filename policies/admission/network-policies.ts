import { TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { kinds } from "../kinds.js";
import { cel, specChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";

/** The label that Kubernetes itself sets on each namespace. */
const nameLabel = "kubernetes.io/metadata.name";

/** CEL that is true when a peer selects only namespaces whose label has this value. @param value CEL of the value */
function inNamespaces(label: string, value: string): string {
  return cel`
    (
      peer.?namespaceSelector.?matchLabels[?'${label}'].orValue('') == ${value}
      || peer.?namespaceSelector.?matchExpressions.orValue([]).exists(
        one,
        one.key == '${label}' && one.operator == 'In' && one.?values.orValue([]).all(name, name == ${value})
      )
    )
  `;
}

/**
 * CEL that is true when a peer is pods of the tenant: a peer without a namespace is a pod of the policy's own namespace,
 * and only the platform sets the tenant's label on namespaces.
 */
const ownPods = cel`
  !has(peer.ipBlock)
  && (
    !has(peer.namespaceSelector)
    || ${inNamespaces(nameLabel, "request.namespace")}
    || (variables.tenant != '' && ${inNamespaces(TENANT_LABEL, "variables.tenant")})
  )
`;

/**
 * CEL that is true when a peer is the cluster's DNS: what the platform's policy opens, and pods with the label of DNS
 * servers anywhere, as charts have it. The policies of other tenants' namespaces let none of these in.
 */
const dnsServers = cel`
  (!has(peer.ipBlock) && ${inNamespaces(nameLabel, "'kube-system'")})
  || (has(peer.namespaceSelector) && peer.?podSelector.?matchLabels[?'k8s-app'].orValue('') == 'kube-dns')
  || peer.?ipBlock.?cidr.orValue('') == '169.254.20.10/32'
`;

/** Port 53 by its number: a name could stand for any port of a pod. */
const onlyDnsPort = cel`
  rule.?ports.orValue([]).size() > 0
  && rule.ports.all(one, one.?port.orValue(0) == 53 && one.?endPort.orValue(53) == 53)
`;

/**
 * The policy on a tenant's own network policies: they allow no more than the platform's policy allows in each namespace,
 * whatever the tenant file says: connections between the tenant's own pods, and to the cluster's DNS. Network policies
 * add up, and no policy can close what another one opens. What a tenant file opens is no part of it: a tenant's own
 * policy would keep it open when the file takes it back. An open way in is refused as well as one out, because the file
 * of another tenant may open a private block that has this tenant's pods in it. An empty list of peers is every peer.
 * Rules of a direction that is not among the types have no effect.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
export const networkPolicies: PolicyDefinition = {
  name: "fleet-network-policies",
  resourceRules: createOrUpdate(kinds("networking.k8s.io", "networkpolicies")),
  matchConditions: { ...specChanges, ...notThePlatform },
  variables: {
    tenant: `namespaceObject.metadata.?labels[?'${TENANT_LABEL}'].orValue('')`,
    types: "object.spec.?policyTypes.orValue(['Ingress', 'Egress'])",
    ways: "'Ingress' in variables.types ? object.spec.?ingress.orValue([]) : []",
    exits: "'Egress' in variables.types ? object.spec.?egress.orValue([]) : []",
  },
  validations: [
    {
      expression: cel`
        variables.ways.all(
          rule,
          rule.?from.orValue([]).size() > 0 && rule.from.all(peer, ${ownPods})
        )
        && variables.exits.all(
          rule,
          rule.?to.orValue([]).size() > 0
          && rule.to.all(peer, (${ownPods}) || ((${dnsServers}) && ${onlyDnsPort}))
        )
      `,
      message: `your own network policies may only allow connections within this namespace, to your other namespaces and to DNS at port 53: set from or to of every rule to a podSelector alone, or with a namespaceSelector of ${nameLabel} or ${TENANT_LABEL}; set networkPolicy.enabled: false in the values of a chart that opens more, and add connections to the tenant file (network, imports)`,
    },
  ],
};
