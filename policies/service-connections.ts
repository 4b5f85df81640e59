import type { FleetSpec } from "../config/fleet-spec.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { EVERY_TENANT } from "../config/tenant/services/schema.js";

/** Pods that are reached, all in one namespace. */
export interface BackendPods {
  readonly namespace: string;
  /** Labels that select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** TCP port of theirs. */
  readonly port: number;
}

/** A service from elsewhere, in one of a tenant's namespaces. */
export interface ImportedService {
  /** Its name there. */
  readonly name: string;
  /** One of the tenant's own namespaces. */
  readonly namespace: string;
  /** Name of the Service at its home, in {@link pods}' namespace. */
  readonly service: string;
  readonly pods: BackendPods;
}

/** One of a tenant's services that others import. */
export interface ExportedService {
  /** Name that it is imported by. */
  readonly name: string;
  readonly pods: BackendPods;
  /** Namespaces of others whose pods reach it; at least one. */
  readonly from: readonly string[];
}

/** What leads from a tenant to others on its stack, and from others to it. */
export interface ServiceConnections {
  readonly imports: readonly ImportedService[];
  readonly exports: readonly ExportedService[];
}

/** The part of a stack that decides which services lead where. */
type Stack = Pick<FleetSpec, "tenants"> & { readonly platform: Pick<FleetSpec["platform"], "exports"> };

/**
 * A tenant's ways to other tenants and to the platform, and theirs to it: exactly those that the one asks for by an
 * import and the other consents to by an export that lists it.
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
  return Object.entries(tenant.imports).flatMap(([name, said]) => {
    const { export: exported = "", platform = "" } = said;
    const isPlatforms = said.tenant === undefined;
    const home = isPlatforms ? { name: platform } : { tenant: said.tenant, name: exported };
    const offer = isPlatforms
      ? stack.platform.exports[platform]
      : stack.tenants.find((other) => other.name === said.tenant)?.exports[exported];
    const isListed = offer?.to.includes(tenant.name) === true || (isPlatforms && offer?.to.includes(EVERY_TENANT));
    if (offer === undefined || isListed !== true || said.tenant === tenant.name) return [];
    const pods = { namespace: offer.namespace, labels: offer.pods, port: offer.port };
    return [{ name, namespace: said.namespace, service: offer.service, pods, home }];
  });
}

/** The part of a tenant's ways that begins or ends in one of its namespaces. */
export function connectionsIn(namespace: string, { imports, exports }: ServiceConnections): ServiceConnections {
  return {
    imports: imports.filter((one) => one.namespace === namespace),
    exports: exports.filter(({ pods }) => pods.namespace === namespace),
  };
}

/**
 * The Service that is a name for another one: DNS answers with where that one is, and nothing else knows of it.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#externalname
 */
export function importedServiceSpec({ service, pods }: ImportedService, clusterDomain: string) {
  return { type: "ExternalName", externalName: `${service}.${pods.namespace}.svc.${clusterDomain}` };
}

/**
 * A network policy for the pods behind an exported service and no others. It adds to the namespace's own, which lets
 * none of the importers in.
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
