import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  exportPolicySpec,
  importedServiceSpec,
  type ServiceConnections,
} from "../../../policies/service-connections.js";
import { forceFieldOwnership } from "../../field-manager.js";
import type { Metadata } from "../registered-parts.js";

/** The service connections of a namespace. */
export interface NamespaceServicesArgs {
  /** Connections that begin or end in the namespace. */
  readonly connections: ServiceConnections;
  /** DNS domain of the cluster's services: `cluster.local`. */
  readonly clusterDomain: string;
  /** Metadata of an object in the namespace. */
  readonly metadata: (name: string) => Metadata;
  /** Quota that counts the Services. Until it does, the API server refuses them. */
  readonly quota: pulumi.Resource;
}

/**
 * The Services that a tenant's namespace imports, and the network policies that let importers reach its exported
 * Services.
 */
export class NamespaceServices extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:NamespaceServices", name, {}, opts);
    const { connections, clusterDomain, metadata, quota } = args;
    for (const service of connections.imports) {
      const spec = importedServiceSpec(service, clusterDomain);
      new k8s.core.v1.Service(
        `${name}.${service.name}-import`,
        { metadata: { ...metadata(service.name), annotations: forceFieldOwnership }, spec },
        { parent: this, dependsOn: [quota] },
      );
    }
    for (const service of connections.exports) {
      const policy = { metadata: metadata(`export-${service.name}`), spec: exportPolicySpec(service) };
      new k8s.networking.v1.NetworkPolicy(`${name}.${service.name}-export`, policy, { parent: this });
    }
    this.registerOutputs();
  }
}
