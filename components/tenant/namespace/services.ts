import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  exportPolicySpec,
  importedServiceSpec,
  type ServiceConnections,
} from "../../../policies/service-connections.js";
import { forceFieldOwnership } from "./force-ownership.js";

/** Which ways between tenants begin or end in a namespace. */
export interface NamespaceServicesArgs {
  /** Name of the namespace; known once that is there. */
  readonly namespace: pulumi.Input<string>;
  /** Ways that begin or end in it. */
  readonly paths: ServiceConnections;
  /** DNS domain of the cluster's services: `cluster.local`. */
  readonly clusterDomain: string;
  /** Labels of everything that it registers. */
  readonly labels: Readonly<Record<string, string>>;
  /** What counts them: until it does, admission refuses what it would count. */
  readonly quota: pulumi.Resource;
}

/** Services from elsewhere in one of a tenant's namespaces, and the way in for those who import what is there. */
export class NamespaceServices extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:NamespaceServices", name, {}, opts);
    const { namespace, paths, clusterDomain, labels, quota } = args;

    for (const service of paths.imports) {
      new k8s.core.v1.Service(
        `${name}.${service.name}-import`,
        {
          metadata: { name: service.name, namespace, labels, annotations: forceFieldOwnership },
          spec: importedServiceSpec(service, clusterDomain),
        },
        { parent: this, dependsOn: [quota] },
      );
    }
    for (const service of paths.exports) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}.${service.name}-export`,
        { metadata: { name: `export-${service.name}`, namespace, labels }, spec: exportPolicySpec(service) },
        { parent: this },
      );
    }

    this.registerOutputs();
  }
}
