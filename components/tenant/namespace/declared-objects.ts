import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import {
  exportPolicySpec,
  importedServiceSpec,
  type ServiceConnections,
} from "../../../policies/service-connections.js";
import type { Metadata } from "../registered-parts.js";

/** A namespace whose Services and accounts a tenant file declares. */
interface DeclaredObjectsArgs {
  /** Metadata of an object in the namespace. */
  readonly metadata: (name: string) => Metadata;
  /** Quota that counts Services and accounts. Until it does, the API server refuses them. */
  readonly quota: pulumi.Resource;
}

/** The service connections of a namespace. */
export interface NamespaceServicesArgs extends DeclaredObjectsArgs {
  /** Connections that begin or end in the namespace. */
  readonly connections: ServiceConnections;
  /** DNS domain of the cluster's services: `cluster.local`. */
  readonly clusterDomain: string;
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
      const alias = { metadata: metadata(service.name), spec: importedServiceSpec(service, clusterDomain) };
      new k8s.core.v1.Service(`${name}.${service.name}-import`, alias, { parent: this, dependsOn: [quota] });
    }
    for (const service of connections.exports) {
      const policy = { metadata: metadata(`export-${service.name}`), spec: exportPolicySpec(service) };
      new k8s.networking.v1.NetworkPolicy(`${name}.${service.name}-export`, policy, {
        parent: this,
        dependsOn: [quota],
      });
    }
    this.registerOutputs();
  }
}

/** The service accounts of a namespace. */
export interface NamespaceAccountsArgs extends DeclaredObjectsArgs {
  /** Settings of each account, by its name. */
  readonly accounts: TenantSpec["serviceAccounts"];
  /** Names of the Secrets with which the kubelet pulls the images of the accounts' pods. */
  readonly pullSecrets: readonly string[];
}

/**
 * The service accounts for a tenant's pods in one namespace, with the annotations of their cloud identities.
 * The platform owns them, because the owner of such an annotation chooses the identity.
 */
export class NamespaceAccounts extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:NamespaceAccounts", name, {}, opts);
    const { accounts, pullSecrets, metadata, quota } = args;
    const imagePullSecrets = pullSecrets.map((secret) => ({ name: secret }));
    for (const [account, { annotations, automountToken }] of Object.entries(accounts)) {
      const settings = {
        metadata: { ...metadata(account), annotations },
        automountServiceAccountToken: automountToken,
        ...(imagePullSecrets.length > 0 && { imagePullSecrets }),
      };
      new k8s.core.v1.ServiceAccount(`${name}.${account}-account`, settings, { parent: this, dependsOn: [quota] });
    }
    this.registerOutputs();
  }
}

/** The service accounts that a tenant file declares in one namespace. */
export function accountsIn(namespace: string, { serviceAccounts }: Pick<TenantSpec, "serviceAccounts">) {
  return Object.fromEntries(Object.entries(serviceAccounts).filter(([, one]) => one.namespace === namespace));
}
