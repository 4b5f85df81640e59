import { exceptions } from "../config/rules/cidr.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { dnsEgress } from "../lib/kubernetes/dns-egress.js";
import type { BackendPods } from "./service-connections.js";

function namespaceNames({ namespace, namespaces }: TenantSpec): string[] {
  return [namespace.name, ...Object.keys(namespaces)];
}

/**
 * The policy of a tenant's namespace: it selects every pod in both directions, so that everything else is denied. It
 * always allows DNS and the tenant's own pods, in all of its namespaces.
 *
 * It selects namespaces by the label that Kubernetes itself sets to their name, which cannot be given to another
 * namespace.
 *
 * @param imported pods of other namespaces that pods of this one may reach
 * @param namespace namespace of the policy @default - the tenant's primary one
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function networkPolicySpec(
  tenant: TenantSpec,
  imported: readonly BackendPods[],
  namespace = tenant.namespace.name,
) {
  const { network } = tenant;
  const others = namespaceNames(tenant).filter((name) => name !== namespace);
  const own = [anyPodHere, ...others.map(podsOf)];
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: own }, ...network.ingress.map(({ namespace }) => ({ from: [podsOf(namespace)] }))],
    egress: [
      { to: own },
      dnsEgress,
      ...network.egress.map(({ cidr, ports }) => ({ to: [addresses(cidr)], ports: ports.map(tcp) })),
      ...imported.map(({ namespace, labels, port }) => ({
        to: [{ ...podsOf(namespace), podSelector: { matchLabels: { ...labels } } }],
        ports: [tcp(port)],
      })),
    ],
  };
}

/** A peer without a namespace selector: pods of the policy's own namespace. */
const anyPodHere = { podSelector: {} };

function podsOf(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

function addresses(cidr: string) {
  const except = exceptions(cidr);
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}
