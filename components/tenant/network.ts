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
    to: others.flatMap((other) => paths(tenant, other).flatMap((port) => everywhere(other, port))),
    from: others.flatMap((other) => paths(other, tenant).flatMap((port) => everywhere(other, port))),
  };
}

/** A port in all of a tenant's namespaces. */
function everywhere(tenant: TenantSpec, port: number): TenantPath[] {
  return namespaceNames(tenant).map((namespace) => ({ namespace, port }));
}

function namespaceNames({ namespace, namespaces }: TenantSpec): string[] {
  return [namespace.name, ...Object.keys(namespaces)];
}

/** Ports on which one tenant may reach another. */
function paths(importer: TenantSpec, exporter: TenantSpec): number[] {
  if (!exporter.network.allowFrom.includes(importer.name)) return [];
  return importer.network.tenants.filter(({ tenant }) => tenant === exporter.name).map(({ port }) => port);
}

/**
 * The one policy of a tenant's namespace: it selects every pod in both directions, so that whatever it does not allow
 * is denied. Always allowed are DNS and the tenant's own pods, in all of its namespaces.
 *
 * @param here namespace that the policy is in @default - the tenant's first
 *
 * Namespaces are selected by the label that Kubernetes itself sets to their name, which nobody can give to another.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function networkPolicySpec(tenant: TenantSpec, { to, from }: TenantPaths, here = tenant.namespace.name) {
  const { network } = tenant;
  const elsewhere = namespaceNames(tenant).filter((namespace) => namespace !== here);
  const own = [anyPodHere, ...elsewhere.map(podsOf)];
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: own },
      ...network.ingress.map(({ namespace }) => ({ from: [podsOf(namespace)] })),
      ...from.map(({ namespace, port }) => ({ from: [podsOf(namespace)], ports: [tcp(port)] })),
    ],
    egress: [
      { to: own },
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
