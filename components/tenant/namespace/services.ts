import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  exportPolicySpec,
  importedServiceSpec,
  type ServiceConnections,
} from "../../../policies/service-connections.js";
import { forceFieldOwnership } from "./force-ownership.js";

/** The service connections of a namespace. */
export interface NamespaceServicesArgs {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Input<string>;
  /** Connections that begin or end in the namespace. */
  readonly connections: ServiceConnections;
  /** DNS domain of the cluster's services: `cluster.local`. */
  readonly clusterDomain: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
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
    const { namespace, connections, clusterDomain, labels, quota } = args;

    for (const service of connections.imports) {
      new k8s.core.v1.Service(
        `${name}.${service.name}-import`,
        {
          metadata: { name: service.name, namespace, labels, annotations: forceFieldOwnership },
          spec: importedServiceSpec(service, clusterDomain),
        },
        { parent: this, dependsOn: [quota] },
      );
    }
    for (const service of connections.exports) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}.${service.name}-export`,
        { metadata: { name: `export-${service.name}`, namespace, labels }, spec: exportPolicySpec(service) },
        { parent: this },
      );
    }

    this.registerOutputs();
  }
}
