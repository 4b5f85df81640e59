import { exceptions } from "../config/rules/cidr.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { dnsEgress } from "../lib/kubernetes/dns-egress.js";

/** The pods behind a Service, all in one namespace. */
export interface BackendPods {
  readonly namespace: string;
  /** Labels that select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Their TCP port. */
  readonly port: number;
}

/**
 * The policy of a tenant's namespace: it selects every pod in both directions, so that everything else is denied. It
 * always allows DNS and the tenant's own pods, in all of its namespaces.
 * @param imported pods of other namespaces that pods of this one may reach
 * @param namespace namespace of the policy @default - the tenant's primary one
 */
export function networkPolicySpec(
  tenant: TenantSpec,
  imported: readonly BackendPods[],
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
      ...tenant.network.egress.map(({ cidr, ports }) => ({ to: [addresses(cidr)], ports: ports.map(tcp) })),
      ...imported.map(({ namespace, labels, port }) => ({
        to: [{ ...podsOf(namespace), podSelector: { matchLabels: { ...labels } } }],
        ports: [tcp(port)],
      })),
    ],
  };
}

/**
 * The pods of a namespace, as a peer. Kubernetes itself sets the label, so that no other namespace can have it.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function podsOf(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

function addresses(cidr: string) {
  const except = exceptions(cidr);
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

/** A TCP port. */
export function tcp(port: number) {
  return { protocol: "TCP", port };
}
