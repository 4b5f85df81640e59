import { exceptions } from "../config/rules/cidr.js";
import { portsOf } from "../config/rules/ports.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { dnsEgress, podsOf, tcp } from "../lib/kubernetes/network-policy.js";
import type { ServiceConnections } from "./service-connections.js";

/**
 * The policy of a tenant's namespace: it selects every pod in both directions, so that everything else is denied. It
 * always allows DNS and the tenant's own pods, in all of its namespaces.
 * @param imports Services of other namespaces whose pods the pods of this one may reach
 * @param namespace namespace of the policy @default - the tenant's primary one
 */
export function networkPolicySpec(
  tenant: TenantSpec,
  imports: readonly Pick<ServiceConnections["imports"][number], "pods">[],
  namespace = tenant.namespaces[0].name,
) {
  const others = tenant.namespaces.map(({ name }) => name).filter((name) => name !== namespace);
  // A peer without a namespace selector is a pod of the policy's own namespace.
  const own = [{ podSelector: {} }, ...others.map(podsOf)];
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: own }, ...tenant.network.ingress.map(({ namespace }) => ({ from: [podsOf(namespace)] }))],
    egress: [
      { to: own },
      dnsEgress,
      ...tenant.network.egress.map(({ cidr, ports }) => ({ to: [addresses(cidr)], ports: ports.map(policyPort) })),
      ...imports.map(({ pods: { namespace, labels, port } }) => ({
        to: [{ ...podsOf(namespace), podSelector: { matchLabels: { ...labels } } }],
        ports: [tcp(port)],
      })),
    ],
  };
}

/** A port or a range of ports, as a network policy has it. */
function policyPort(written: number | string) {
  const { from, to, protocol } = portsOf(written);
  return { protocol, port: from, ...(to > from ? { endPort: to } : {}) };
}

function addresses(cidr: string) {
  const except = exceptions(cidr);
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}
