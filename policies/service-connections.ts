import type { FleetSpec } from "../config/fleet-spec.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { EVERY_TENANT } from "../config/tenant/services/schema.js";
import { podsOf, tcp } from "../lib/kubernetes/network-policy.js";

/** The connections between a tenant and others on its stack, in both directions. */
export type ServiceConnections = ReturnType<typeof serviceConnections>;

type Stack = Pick<FleetSpec, "tenants"> & { readonly platform: Pick<FleetSpec["platform"], "exports"> };

/**
 * A tenant's connections to and from other tenants and the platform. A connection needs both sides: an import of the
 * one, and an export of the other that lists the importer.
 */
export function serviceConnections(tenant: TenantSpec, stack: Stack) {
  const importers = (name: string) =>
    stack.tenants
      .flatMap((other) => importsOf(other, stack))
      .filter(({ exporter }) => exporter.tenant === tenant.name && exporter.name === name);
  const exported = Object.entries(tenant.exports).map(([name, { namespace, pods, port }]) => ({
    name,
    pods: { namespace, labels: pods, port },
    from: [...new Set(importers(name).map(({ namespace }) => namespace))].sort(),
  }));
  return { imports: importsOf(tenant, stack), exports: exported.filter(({ from }) => from.length > 0) };
}

/**
 * The imports of a tenant that their exporters list, each with its origin: an export of a tenant, or of the platform.
 */
function importsOf(tenant: TenantSpec, { tenants, platform }: Stack) {
  return Object.entries(tenant.imports).flatMap(([name, { namespace, ...origin }]) => {
    const exporter = { tenant: origin.tenant, name: origin.export ?? origin.platform ?? "" };
    const isPlatforms = exporter.tenant === undefined;
    const exports = isPlatforms ? platform.exports : tenants.find((other) => other.name === exporter.tenant)?.exports;
    const offered = exports?.[exporter.name];
    const listed = isPlatforms ? [tenant.name, EVERY_TENANT] : [tenant.name];
    if (exporter.tenant === tenant.name || !offered?.to.some((other) => listed.includes(other))) return [];
    const pods = { namespace: offered.namespace, labels: offered.pods, port: offered.port };
    return [{ name, namespace, service: offered.service, pods, exporter }];
  });
}

/** The connections that begin or end in one of a tenant's namespaces. */
export function connectionsIn(namespace: string, { imports, exports }: ServiceConnections): ServiceConnections {
  return {
    imports: imports.filter((one) => one.namespace === namespace),
    exports: exports.filter(({ pods }) => pods.namespace === namespace),
  };
}

/**
 * The spec of a Service that is a DNS alias of another one.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#externalname
 */
export function importedServiceSpec({ service, pods }: ServiceConnections["imports"][number], clusterDomain: string) {
  return { type: "ExternalName", externalName: `${service}.${pods.namespace}.svc.${clusterDomain}` };
}

/** The network policy for the pods of an export. It adds to the namespace's own policy, which admits no importer. */
export function exportPolicySpec({ pods, from }: ServiceConnections["exports"][number]) {
  return {
    podSelector: { matchLabels: { ...pods.labels } },
    policyTypes: ["Ingress"],
    ingress: [{ from: from.map(podsOf), ports: [tcp(pods.port)] }],
  };
}
