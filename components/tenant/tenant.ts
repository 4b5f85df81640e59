import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../stacks/names.js";
import type { TenantSpec } from "../../stacks/schema.js";
import { DeployKey } from "../git/deploy-key.js";
import { gitSecretArgs } from "../git/git-secret.js";
import { gitSource } from "../git/git-source.js";
import { type ExistingRepository, ManagedRepository } from "../git/repository.js";
import { tenantLabels } from "../labels.js";
import { reconciler, tenantRole } from "./identity.js";
import { fluxQuotaHard, limitRanges, quotaHard } from "./limits.js";
import { namespaceLabels } from "./namespace.js";
import { networkPolicySpec, type TenantPaths } from "./network.js";
import { tenantKustomization } from "./sync.js";

export interface TenantArgs {
  readonly tenant: TenantSpec;
  /** Ways between this tenant and others. */
  readonly paths: TenantPaths;
  readonly stack: string;
  /** Cluster that will read the repository; title of its deploy key. */
  readonly cluster: string;
  readonly github: {
    readonly owner: string;
    /** Whether this stack creates repositories. */
    readonly ownsRepositories: boolean;
    /** Public host keys of the Git server, as GitHub's API lists them. */
    readonly hostKeys: pulumi.Input<readonly string[]>;
    /** The tenant's repository as it is now. @default - it does not exist */
    readonly existing?: ExistingRepository | undefined;
  };
  /** What the tenant's sync needs while it lives, and so what goes after it: controllers, roles, infrastructure. */
  readonly needs: readonly pulumi.Resource[];
  /** What must exist before the repository is generated. @default [] */
  readonly template?: readonly pulumi.Resource[];
}

/**
 * One team on one cluster: its repository and the key that reads it, its namespace with its limits, its identity, and
 * the sync that applies the one in the other.
 *
 * On removal the order is reversed: the sync goes first, while its identity still lives, so that Flux can prune.
 */
export class Tenant extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key. */
  readonly keyFingerprint: pulumi.Output<string>;

  constructor(name: string, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Tenant", name, {}, opts);
    const { tenant, stack } = args;
    const labels = tenantLabels(stack, tenant.name);

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec: tenant.repository,
        description: tenant.description,
        owned: args.github.ownsRepositories,
        existing: args.github.existing,
        template: { owner: args.github.owner, repository: TENANT_TEMPLATE_REPOSITORY },
      },
      { parent: this, dependsOn: [...(args.template ?? [])] },
    );
    this.cloneUrl = repository.cloneUrl;

    const key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.cluster },
      { parent: this, dependsOn: [...repository.created] },
    );
    this.keyFingerprint = key.fingerprint;

    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: tenant.namespace.name,
          labels: namespaceLabels(tenant, labels),
          annotations: tenant.namespace.annotations,
        },
      },
      { parent: this, dependsOn: [...args.needs] },
    );
    this.namespace = namespace.metadata.name;

    const own = { name: ownName, namespace: this.namespace, labels };
    // Nothing of the tenant's may run before these hold, so the sync waits for them.
    const bounds = [
      new k8s.core.v1.ResourceQuota(
        `${name}-quota`,
        { metadata: own, spec: { hard: quotaHard(tenant.limits) } },
        { parent: this },
      ),
      new k8s.core.v1.LimitRange(
        `${name}-limit-range`,
        { metadata: own, spec: { limits: limitRanges(tenant.limits) } },
        { parent: this },
      ),
      new k8s.networking.v1.NetworkPolicy(
        `${name}-network`,
        { metadata: own, spec: networkPolicySpec(tenant, args.paths) },
        { parent: this },
      ),
    ];

    const identity = new k8s.core.v1.ServiceAccount(
      `${name}-reconciler`,
      { metadata: { name: reconciler, namespace: this.namespace, labels }, automountServiceAccountToken: false },
      { parent: this },
    );
    const role = new k8s.rbac.v1.RoleBinding(
      `${name}-role`,
      {
        metadata: { name: reconciler, namespace: this.namespace, labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: tenantRole },
        subjects: [{ kind: "ServiceAccount", name: reconciler, namespace: this.namespace }],
      },
      { parent: this, dependsOn: [identity] },
    );

    const secret = new k8s.core.v1.Secret(
      `${name}-git`,
      gitSecretArgs({
        metadata: { name: gitSecretName, namespace: this.namespace, labels },
        key,
        cloneUrl: this.cloneUrl,
        hostKeys: args.github.hostKeys,
      }),
      { parent: this },
    );
    const source = new k8s.apiextensions.CustomResource(
      `${name}-source`,
      gitSource({
        name: tenant.name,
        namespace: this.namespace,
        labels,
        url: this.cloneUrl,
        branch: tenant.repository.defaultBranch,
        interval: tenant.sync.interval,
        suspend: tenant.sync.suspend,
        secretName: gitSecretName,
      }),
      { parent: this, dependsOn: [secret, key] },
    );
    const sync = new k8s.apiextensions.CustomResource(
      `${name}-sync`,
      tenantKustomization({ tenant, labels, namespace: this.namespace }),
      { parent: this, dependsOn: [source, role, ...bounds] },
    );
    new k8s.core.v1.ResourceQuota(
      `${name}-flux-quota`,
      { metadata: { ...own, name: `${ownName}-flux` }, spec: { hard: fluxQuotaHard(tenant.limits) } },
      { parent: this, dependsOn: [sync] },
    );

    this.registerOutputs({
      namespace: this.namespace,
      cloneUrl: this.cloneUrl,
      keyFingerprint: this.keyFingerprint,
    });
  }
}

/** Secret with the deploy key, in the tenant's namespace. */
const gitSecretName = "tenant-git";

/** Name of the platform's quota, limit range and network policy in a tenant's namespace. */
const ownName = "tenant";
