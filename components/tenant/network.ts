import { exceptions } from "../../stacks/cidr.js";
import type { TenantSpec } from "../../stacks/schema.js";
import { dnsEgress } from "../dns.js";

/** A way from one tenant's pods to another's. */
interface TenantPath {
  /** Namespace at the other end. */
  readonly namespace: string;
  /** TCP port of the pods that are reached. */
  readonly port: number;
}

/** What leads from a tenant to others on its stack, and from others to it. */
export interface TenantPaths {
  readonly to: readonly TenantPath[];
  readonly from: readonly TenantPath[];
}

/**
 * Where a tenant's ways to other tenants lead, and whose lead to it: exactly those that one asks for in
 * `network.tenants` and the other allows in `network.allowFrom`.
 *
 * @param tenants all of the stack
 */
export function tenantPaths(tenant: TenantSpec, tenants: readonly TenantSpec[]): TenantPaths {
  const others = tenants.filter(({ name }) => name !== tenant.name);
  return {
    to: others.flatMap((other) => paths(tenant, other).map((port) => ({ namespace: other.namespace.name, port }))),
    from: others.flatMap((other) => paths(other, tenant).map((port) => ({ namespace: other.namespace.name, port }))),
  };
}

/** Ports on which one tenant may reach another. */
function paths(importer: TenantSpec, exporter: TenantSpec): number[] {
  if (!exporter.network.allowFrom.includes(importer.name)) return [];
  return importer.network.tenants.filter(({ tenant }) => tenant === exporter.name).map(({ port }) => port);
}

/**
 * The one policy of a tenant's namespace: it selects every pod in both directions, so that whatever it does not allow
 * is denied. Always allowed are DNS and the tenant's own pods.
 *
 * Namespaces are selected by the label that Kubernetes itself sets to their name, which nobody can give to another.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function networkPolicySpec({ network }: TenantSpec, { to, from }: TenantPaths) {
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [anyPodHere] },
      ...network.ingress.map(({ namespace }) => ({ from: [podsOf(namespace)] })),
      ...from.map(({ namespace, port }) => ({ from: [podsOf(namespace)], ports: [tcp(port)] })),
    ],
    egress: [
      { to: [anyPodHere] },
      dnsEgress,
      ...network.egress.map(({ cidr, ports }) => ({ to: [addresses(cidr)], ports: ports.map(tcp) })),
      ...to.map(({ namespace, port }) => ({ to: [podsOf(namespace)], ports: [tcp(port)] })),
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
