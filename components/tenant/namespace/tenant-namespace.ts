import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_OBJECT } from "../../../config/names.js";
import { askedAddons } from "../../../config/tenant/addons/asked-addons.js";
import type { NamespacePart } from "../../../config/tenant/parts.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { groupSubject, roleBinding, serviceAccountSubject } from "../../../lib/kubernetes/role-binding.js";
import { SHARD_LABEL } from "../../../lib/kubernetes/shards.js";
import { namespaceComponent, statedComponent } from "../../../lib/state/stack-state.js";
import { namespaceAnnotations, namespaceLabels } from "../../../policies/namespace-metadata.js";
import { networkPolicySpec } from "../../../policies/network-policy.js";
import { pullSecretsOf } from "../../../policies/pull-secrets.js";
import { limitRanges, namespaceQuotaHard, quotaAnnotations } from "../../../policies/quotas.js";
import { accessBindings } from "../../../policies/rbac/people.js";
import { reconciler, tenantRole } from "../../../policies/rbac/reconciler.js";
import { connectionsIn, type ServiceConnections, serviceConnections } from "../../../policies/service-connections.js";
import { withAlias } from "../../state-aliases.js";
import type { Metadata, TenantArgs } from "../registered-parts.js";
import { commonObjects } from "./common-objects.js";
import { accountsIn, NamespaceAccounts, NamespaceServices } from "./declared-objects.js";

/** One namespace of a tenant. */
export interface TenantNamespaceArgs
  extends Pick<TenantArgs, "tenant" | "spec" | "state" | "dependsOn" | "secrets" | "commonSecrets" | "pullSecrets"> {
  /** The settings of this namespace. */
  readonly namespace: NamespacePart["namespace"];
}

/**
 * One namespace of a tenant: its quota, limit range and network policy, the service account of its syncs, and the role
 * bindings of its people.
 */
export class TenantNamespace extends pulumi.ComponentResource {
  /** The namespace itself. Objects in it depend on it. */
  readonly object: k8s.core.v1.Namespace;
  /** Resources that must exist as long as the tenant runs anything in the namespace. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: TenantNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    const object = {
      type: "kubernetes:core/v1:Namespace",
      metadata: { name: args.namespace.name },
      ending: "-namespace",
    };
    super(namespaceComponent, name, {}, withAlias(statedComponent(args.state, namespaceComponent, object), opts));
    const connections = connectionsIn(args.namespace.name, serviceConnections(args.tenant, args.spec));

    this.object = this.#registerNamespace(name, args);
    const { quota, limitRange } = this.#registerLimits(name, args);
    const networkPolicy = this.#registerNetworkPolicy(name, args, connections);
    this.#registerServicesAndAccounts(name, args, { connections, quota });
    const bindings = this.#registerReconciler(name, args);
    this.#registerAccess(name, args);
    const provided = { ...args, metadata: (object: string) => this.#metadata(args, object) };
    const common = commonObjects(name, provided, { parent: this, dependsOn: [quota] });

    this.dependencies = [quota, limitRange, networkPolicy, ...bindings, ...common];
    this.registerOutputs();
  }

  #registerNamespace(name: string, args: TenantNamespaceArgs): k8s.core.v1.Namespace {
    const { namespace, tenant, dependsOn } = args;
    const owned = { ...tenantLabels(args.spec.stack, tenant.name), ...definedOnly({ [SHARD_LABEL]: tenant.shard }) };
    const labels = namespaceLabels(namespace, owned);
    const annotations = namespaceAnnotations(namespace, tenant.hosts);
    const metadata = { name: namespace.name, labels, annotations };
    const opts = { parent: this, dependsOn: [...dependsOn] };
    return new k8s.core.v1.Namespace(`${name}-namespace`, { metadata }, opts);
  }

  #registerLimits(name: string, args: TenantNamespaceArgs) {
    const { limits } = args.namespace;
    const metadata = this.#metadata(args, PLATFORM_OBJECT);
    const ranges = { metadata, spec: { limits: limitRanges(limits) } };
    const limitRange = new k8s.core.v1.LimitRange(`${name}-limit-range`, ranges, this.#inNamespace());
    const hard = namespaceQuotaHard(limits, args.tenant, args.spec);
    // The quota refuses a container without requests, as long as no limit range provides them.
    const afterRanges = { parent: this, dependsOn: [limitRange] };
    const settings = { metadata: { ...metadata, annotations: quotaAnnotations }, spec: { hard } };
    const quota = new k8s.core.v1.ResourceQuota(`${name}-quota`, settings, afterRanges);
    return { limitRange, quota };
  }

  #registerNetworkPolicy(name: string, args: TenantNamespaceArgs, { imports }: ServiceConnections): pulumi.Resource {
    const spec = networkPolicySpec(args.tenant, imports, args.namespace.name);
    const metadata = this.#metadata(args, PLATFORM_OBJECT);
    return new k8s.networking.v1.NetworkPolicy(`${name}-network`, { metadata, spec }, this.#inNamespace());
  }

  /** Registers the connections to other namespaces and the accounts of pods, as far as the tenant file declares any. */
  #registerServicesAndAccounts(
    name: string,
    args: TenantNamespaceArgs,
    { connections, quota }: { readonly connections: ServiceConnections; readonly quota: pulumi.Resource },
  ): void {
    const shared = { metadata: (object: string) => this.#metadata(args, object), quota };
    if (connections.imports.length + connections.exports.length > 0) {
      const { clusterDomain } = args.spec.flux;
      new NamespaceServices(name, { connections, clusterDomain, ...shared }, { parent: this });
    }
    const accounts = accountsIn(args.namespace.name, args.tenant);
    if (Object.keys(accounts).length === 0) return;
    const pullSecrets = pullSecretsOf(args.tenant, args.spec.common).map(({ objectName }) => objectName);
    new NamespaceAccounts(name, { accounts, pullSecrets, ...shared }, { parent: this });
  }

  /** Registers the service account of the tenant's syncs, and returns its role bindings. */
  #registerReconciler(name: string, args: TenantNamespaceArgs): pulumi.Resource[] {
    const settings = { metadata: this.#metadata(args, reconciler), automountServiceAccountToken: false };
    const account = new k8s.core.v1.ServiceAccount(`${name}-reconciler`, settings, this.#inNamespace());
    const subjects = [serviceAccountSubject(reconciler, args.namespace.name)];
    const bind = (child: string, object: string, role: string) => {
      const binding = roleBinding({ metadata: this.#metadata(args, object), role, subjects });
      return new k8s.rbac.v1.RoleBinding(`${name}-${child}`, binding, { parent: this, dependsOn: [account] });
    };
    const addons = askedAddons(args.tenant, args.spec);
    return [bind("role", reconciler, tenantRole), ...addons.map(({ binding, role }) => bind(binding, binding, role))];
  }

  /** Registers the role bindings of the groups that the tenant file names. */
  #registerAccess(name: string, args: TenantNamespaceArgs): void {
    for (const { name: object, role, groups } of accessBindings(args.tenant.access)) {
      const binding = roleBinding({ metadata: this.#metadata(args, object), role, subjects: groups.map(groupSubject) });
      new k8s.rbac.v1.RoleBinding(`${name}-${object}`, binding, this.#inNamespace());
    }
  }

  #inNamespace(): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: [this.object] };
  }

  #metadata({ spec, tenant, namespace }: TenantNamespaceArgs, name: string): Metadata {
    return { name, namespace: namespace.name, labels: tenantLabels(spec.stack, tenant.name) };
  }
}
