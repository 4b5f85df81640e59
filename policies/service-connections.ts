import type { FleetSpec } from "../config/fleet-spec.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { EVERY_TENANT } from "../config/tenant/services/schema.js";

/** The pods behind a Service, all in one namespace. */
export interface BackendPods {
  readonly namespace: string;
  /** Labels that select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Their TCP port. */
  readonly port: number;
}

/** A Service of another tenant or of the platform, in one of a tenant's namespaces. */
export interface ImportedService {
  /** Its name there. */
  readonly name: string;
  /** One of the tenant's own namespaces. */
  readonly namespace: string;
  /** Name of the Service in its own namespace, that of {@link pods}. */
  readonly service: string;
  readonly pods: BackendPods;
}

/** A tenant's Service that others import. */
export interface ExportedService {
  /** Name that it is imported by. */
  readonly name: string;
  readonly pods: BackendPods;
  /** Other tenants' namespaces whose pods connect to it; at least one. */
  readonly from: readonly string[];
}

/** The connections between a tenant and others on its stack, in both directions. */
export interface ServiceConnections {
  readonly imports: readonly ImportedService[];
  readonly exports: readonly ExportedService[];
}

/** The parts of a stack that decide its service connections. */
type Stack = Pick<FleetSpec, "tenants"> & { readonly platform: Pick<FleetSpec["platform"], "exports"> };

/**
 * A tenant's connections to and from other tenants and the platform.
 *
 * A connection needs both sides: an import of the one, and an export of the other that lists the importer.
 */
export function serviceConnections(tenant: TenantSpec, stack: Stack): ServiceConnections {
  return {
    imports: importsOf(tenant, stack),
    exports: Object.entries(tenant.exports).flatMap(([name, { namespace, pods, port }]) => {
      const from = stack.tenants.flatMap((other) =>
        importsOf(other, stack).filter(({ home }) => home.tenant === tenant.name && home.name === name),
      );
      if (from.length === 0) return [];
      const namespaces = [...new Set(from.map((other) => other.namespace))].sort();
      return [{ name, pods: { namespace, labels: pods, port }, from: namespaces }];
    }),
  };
}

interface Home {
  /** Tenant that exports it. @default - the platform */
  readonly tenant?: string;
  /** Name of the export. */
  readonly name: string;
}

function importsOf(tenant: TenantSpec, stack: Stack): (ImportedService & { readonly home: Home })[] {
  return Object.entries(tenant.imports).flatMap(([name, declared]) => {
    const { export: exported = "", platform = "" } = declared;
    const isPlatforms = declared.tenant === undefined;
    const home = isPlatforms ? { name: platform } : { tenant: declared.tenant, name: exported };
    const offered = isPlatforms
      ? stack.platform.exports[platform]
      : stack.tenants.find((other) => other.name === declared.tenant)?.exports[exported];
    const isListed = offered?.to.includes(tenant.name) === true || (isPlatforms && offered?.to.includes(EVERY_TENANT));
    if (offered === undefined || isListed !== true || declared.tenant === tenant.name) return [];
    const pods = { namespace: offered.namespace, labels: offered.pods, port: offered.port };
    return [{ name, namespace: declared.namespace, service: offered.service, pods, home }];
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
export function importedServiceSpec({ service, pods }: ImportedService, clusterDomain: string) {
  return { type: "ExternalName", externalName: `${service}.${pods.namespace}.svc.${clusterDomain}` };
}

/**
 * The network policy for the pods behind an exported Service. It adds to the namespace's own policy, which admits no
 * importer.
 */
export function exportPolicySpec({ pods, from }: ExportedService) {
  return {
    podSelector: { matchLabels: { ...pods.labels } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: from.map((namespace) => ({
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        })),
        ports: [{ protocol: "TCP", port: pods.port }],
      },
    ],
  };
}
