import { exceptions } from "../config/rules/cidr.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { dnsEgress } from "../lib/kubernetes/dns-egress.js";
import type { ReachedPods } from "./service-connections.js";

/**
 * The policy of a tenant's namespace: it selects every pod in both directions, so that whatever it does not allow is
 * denied. Always allowed are DNS and the tenant's own pods, in all of its namespaces.
 *
 * @param imported pods elsewhere that those of the namespace may reach
 * @param here namespace that the policy is in @default - the tenant's first
 *
 * Namespaces are selected by the label that Kubernetes itself sets to their name, which nobody can give to another.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function networkPolicySpec(
  tenant: TenantSpec,
  imported: readonly ReachedPods[],
  here = tenant.namespaces[0].name,
) {
  const { network } = tenant;
  const elsewhere = tenant.namespaces.map(({ name }) => name).filter((namespace) => namespace !== here);
  const own = [anyPodHere, ...elsewhere.map(podsOf)];
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

/** Without a namespace selector: those of the policy's own namespace. */
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
