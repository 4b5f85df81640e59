import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NamespacePart } from "../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { namespaceAnnotations, namespaceLabels } from "../../../policies/namespace-metadata.js";
import { networkPolicySpec } from "../../../policies/network-policy.js";
import { limitRanges, quotaHard, type StackLimits } from "../../../policies/quotas.js";
import { canaryRole, canaryRules } from "../../../policies/rbac/canaries.js";
import { accessBindings } from "../../../policies/rbac/people.js";
import { reconciler, tenantRole } from "../../../policies/rbac/reconciler.js";
import { connectionsIn, type ServiceConnections } from "../../../policies/service-connections.js";
import { accountsIn, NamespaceAccounts } from "./service-accounts.js";
import { NamespaceServices } from "./services.js";

/** Whose namespace it is, and what the tenant's file says of it. */
export interface TenantNamespaceArgs {
  /** The whole tenant: a namespace's bounds and network follow from it. */
  readonly tenant: TenantSpec;
  /** What is this namespace's own. */
  readonly namespace: NamespacePart["namespace"];
  /** Ways between this tenant and others. */
  readonly paths: ServiceConnections;
  /** DNS domain of the cluster's services. */
  readonly clusterDomain: string;
  /** Labels of everything that the platform owns here. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the stack lets Services and containers have, which quotas must know. */
  readonly bounds: StackLimits;
  /** What must be in force before the tenant has anything. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** One of a tenant's namespaces: its bounds, the account that applies what the tenant pushes to it, and its people. */
export class TenantNamespace extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** What must hold before anything of the tenant's runs here, and until all of it has gone. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: TenantNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Namespace", name, {}, opts);
    const { labels, namespace: spec } = args;
    const annotations = namespaceAnnotations(spec, args.tenant.hosts);

    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: spec.name, labels: namespaceLabels(spec, labels), annotations } },
      { parent: this, dependsOn: [...args.dependsOn] },
    );
    this.namespace = namespace.metadata.name;

    const own = { name: platformObjectName, namespace: this.namespace, labels };
    const limitRange = new k8s.core.v1.LimitRange(
      `${name}-limit-range`,
      { metadata: own, spec: { limits: limitRanges(spec.limits) } },
      { parent: this },
    );
    const canaryKinds = args.tenant.progressiveDelivery ? canaryRules : [];
    const quota = new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: own, spec: { hard: quotaHard(spec.limits, args.bounds, canaryKinds) } },
      // What the quota counts, a container must say: it refuses those for which the limit range does not say it yet.
      { parent: this, dependsOn: [limitRange] },
    );
    const paths = connectionsIn(spec.name, args.paths);
    const imported = paths.imports.map(({ pods }) => pods);
    const network = new k8s.networking.v1.NetworkPolicy(
      `${name}-network`,
      { metadata: own, spec: networkPolicySpec(args.tenant, imported, spec.name) },
      { parent: this },
    );
    if (paths.imports.length + paths.exports.length > 0) {
      const { clusterDomain } = args;
      new NamespaceServices(name, { namespace: this.namespace, paths, clusterDomain, labels, quota }, { parent: this });
    }

    const accounts = accountsIn(spec.name, args.tenant);
    if (Object.keys(accounts).length > 0) {
      new NamespaceAccounts(name, { namespace: this.namespace, accounts, labels, quota }, { parent: this });
    }

    const identity = { name: reconciler, namespace: this.namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-reconciler`,
      { metadata: identity, automountServiceAccountToken: false },
      { parent: this },
    );
    const role = new k8s.rbac.v1.RoleBinding(
      `${name}-role`,
      {
        metadata: identity,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: tenantRole },
        subjects: [{ kind: "ServiceAccount", name: reconciler, namespace: this.namespace }],
      },
      { parent: this, dependsOn: [account] },
    );
    const canaries = args.tenant.progressiveDelivery
      ? [
          new k8s.rbac.v1.RoleBinding(
            `${name}-canaries`,
            {
              metadata: { name: "canaries", namespace: this.namespace, labels },
              roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: canaryRole },
              subjects: [{ kind: "ServiceAccount", name: reconciler, namespace: this.namespace }],
            },
            { parent: this, dependsOn: [account] },
          ),
        ]
      : [];
    for (const binding of accessBindings(args.tenant.access)) {
      new k8s.rbac.v1.RoleBinding(
        `${name}-${binding.name}`,
        {
          metadata: { ...own, name: binding.name },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: binding.role },
          subjects: binding.groups.map((group) => ({
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Group",
            name: group,
          })),
        },
        { parent: this },
      );
    }
    this.dependencies = [quota, limitRange, network, role, ...canaries];

    this.registerOutputs({ namespace: this.namespace });
  }
}

/** Name of the platform's quota, limit range and network policy in a tenant's namespace. */
export const platformObjectName = "tenant";
