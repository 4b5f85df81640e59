import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageUpdatesName } from "../../config/tenant/image-automation/schema.js";
import { resourcesOf, type TenantResources } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import type { ExistingRepository, ExistingTeam, Rulesets } from "../../lib/github/existing.js";
import { tenantLabels } from "../../lib/kubernetes/ownership-labels.js";
import { fluxQuotaHard, type StackLimits } from "../../policies/quotas.js";
import type { ServiceConnections } from "../../policies/service-connections.js";
import { ImageAutomation } from "./image-automation/image-automation.js";
import { platformObjectName, TenantNamespace } from "./namespace/tenant-namespace.js";
import { type SecretValues, TenantNotifications } from "./notifications/notifications.js";
import { notificationParts } from "./notifications/objects.js";
import { TenantWebhook } from "./notifications/webhook.js";
import { webhookParts } from "./notifications/webhook-objects.js";
import { type Labels, mustGet, type RegisteredParts } from "./registered-parts.js";
import { TenantRepository } from "./repository/tenant-repository.js";
import { TenantTeam } from "./repository/tenant-team.js";
import { TenantRobot } from "./robot.js";
import { gitSyncs } from "./sync/git-syncs.js";
import { helmSources } from "./sync/helm-sources.js";

/** A tenant's file, and what of the cluster and of GitHub it meets. */
export interface TenantArgs {
  /** The tenant, validated and merged. */
  readonly tenant: TenantSpec;
  /** Ways between this tenant and others. */
  readonly paths: ServiceConnections;
  /** DNS domain of the cluster's services. */
  readonly clusterDomain: string;
  /** What the stack lets Services and containers have, which quotas must know. */
  readonly bounds: StackLimits;
  /** Name of the stack, which everything is labelled with. */
  readonly stack: string;
  /** Cluster that will read the repositories; title of its deploy keys. */
  readonly cluster: string;
  readonly github: {
    readonly owner: string;
    /** Whether this stack creates repositories. */
    readonly ownsRepositories: boolean;
    /** Public host keys of the Git server, as GitHub's API lists them. */
    readonly hostKeys: pulumi.Input<readonly string[]>;
    /** A repository as it is now, by its name; undefined when it does not exist. */
    readonly existing: (repository: string) => ExistingRepository | undefined;
    /** A team as it is now, by its slug; undefined when it does not exist. */
    readonly team: (slug: string) => ExistingTeam | undefined;
    /** Rulesets that a lost state left. */
    readonly lostRulesets: Rulesets;
  };
  /** Values of the tenant's secrets in the stack's configuration. */
  readonly secrets: SecretValues;
  /** Where GitHub reaches the cluster's receivers. @default - nowhere */
  readonly webhookUrl?: string | undefined;
  /** What the tenant's syncs need while they live, and so what goes after them: controllers, roles, infrastructure. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** What must exist before a repository is generated. @default [] */
  readonly template?: readonly pulumi.Resource[];
}

/**
 * One team on one cluster: its repositories, who pushes to them and the keys that read them, its namespaces with their
 * limits and accounts, and the syncs that apply the one in the other.
 *
 * On removal the order is reversed: the syncs go first, while their accounts still live, so that Flux can prune.
 */
export class Tenant extends pulumi.ComponentResource {
  /** The tenant's first namespace. */
  readonly namespace: pulumi.Output<string>;
  /** `ssh://` URL that Flux clones the first repository from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key for it. */
  readonly keyFingerprint: pulumi.Output<string>;

  constructor(name: string, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Tenant", name, {}, opts);
    const labels = tenantLabels(args.stack, args.tenant.name);
    const parts = resourcesOf(args.tenant);

    const team = this.#team(name, args);
    const repositories = this.#repositories(parts, args, team);
    const namespaces = this.#namespaces(parts, args, labels);
    const first = mustGet(repositories, args.tenant.repository.name);
    this.cloneUrl = first.cloneUrl;
    this.keyFingerprint = first.key.fingerprint;
    this.namespace = mustGet(namespaces, args.tenant.namespace.name).namespace;

    const { hostKeys } = args.github;
    const syncs = gitSyncs(parts, { repositories, namespaces, labels, hostKeys }, { parent: this });
    const charts = this.#helmSources(args, { namespaces, labels });
    const images = this.#imageAutomation(args, { repositories, namespaces, labels });
    this.#robot(parts, args, { namespaces, labels });
    const notifications = this.#notifications(parts, args, { repositories, namespaces, labels });
    const webhooks = this.#webhooks(parts, args, { repositories, namespaces, labels });
    this.#fluxQuotas(parts, {
      namespaces,
      syncs: [...syncs, ...charts, ...images],
      labels,
      others: [...notifications, ...webhooks],
    });

    this.registerOutputs({
      namespace: this.namespace,
      cloneUrl: this.cloneUrl,
      keyFingerprint: this.keyFingerprint,
    });
  }

  /** Undefined when the tenant has none, or another stack sees to it. */
  #team(name: string, { tenant: { name: tenant, team }, github }: TenantArgs): TenantTeam | undefined {
    if (team === undefined || !github.ownsRepositories) return undefined;
    return new TenantTeam(`${name}-team`, { tenant, team, existing: github.team(team.name) }, { parent: this });
  }

  /** By their names at GitHub. */
  #repositories(
    { repositories }: TenantResources,
    { tenant, cluster, github, template = [] }: TenantArgs,
    team: TenantTeam | undefined,
  ) {
    return new Map(
      repositories.map(({ resourceName, repository }) => [
        repository.name,
        new TenantRepository(
          resourceName,
          {
            repository,
            description: tenant.description,
            owner: github.owner,
            ownsRepositories: github.ownsRepositories,
            cluster,
            existing: github.existing(repository.name),
            teamId: team?.teamId,
            rulesetsToImport: github.lostRulesets,
            template,
          },
          { parent: this },
        ),
      ]),
    );
  }

  /** By their names. */
  #namespaces({ namespaces }: TenantResources, args: TenantArgs, labels: Labels) {
    const { tenant, paths, clusterDomain, bounds, dependsOn: needs } = args;
    return new Map(
      namespaces.map(({ resourceName, namespace }) => [
        namespace.name,
        new TenantNamespace(
          resourceName,
          { tenant, namespace, paths, clusterDomain, bounds, labels, dependsOn: needs },
          { parent: this },
        ),
      ]),
    );
  }

  /** In the first namespace; none unless the tenant's file asks for them. */
  #helmSources({ tenant }: TenantArgs, built: Omit<RegisteredParts, "repositories">) {
    const { namespace, dependencies: ready } = mustGet(built.namespaces, tenant.namespace.name);
    return helmSources(tenant.helm, { namespace, labels: built.labels }).map(({ resourceName, object }) => {
      const options = { parent: this, dependsOn: [...ready] };
      const source = new k8s.apiextensions.CustomResource(`${tenant.name}.${resourceName}`, object, options);
      return { namespace: tenant.namespace.name, sync: source };
    });
  }

  /** In the first namespace, for the first repository; nothing unless the tenant's file asks for it. */
  #imageAutomation({ tenant, cluster, github: { hostKeys } }: TenantArgs, built: RegisteredParts) {
    const { imageAutomation: spec } = tenant;
    if (spec === undefined) return [];
    const { namespace, dependencies: ready } = mustGet(built.namespaces, tenant.namespace.name);
    const automation = new ImageAutomation(
      imageUpdatesName(tenant.name),
      {
        spec,
        defaultBranch: tenant.repository.defaultBranch,
        repository: mustGet(built.repositories, tenant.repository.name),
        namespace,
        cluster,
        hostKeys,
        labels: built.labels,
        dependsOn: ready,
      },
      { parent: this },
    );
    return [{ namespace: tenant.namespace.name, sync: automation }];
  }

  #robot({ namespaces }: TenantResources, { tenant }: TenantArgs, built: Omit<RegisteredParts, "repositories">): void {
    if (!tenant.robot.enabled) return;
    const all = namespaces.map(({ resourceName, namespace }) => ({
      resourceName,
      name: mustGet(built.namespaces, namespace.name).namespace,
    }));
    const [first, ...others] = all;
    if (first === undefined) throw new Error(`the tenant ${tenant.name} has no namespace`);
    const { token } = tenant.robot;
    new TenantRobot(
      `${tenant.name}-robot`,
      { namespaces: [first, ...others], token, labels: built.labels },
      { parent: this },
    );
  }

  #notifications(parts: TenantResources, args: TenantArgs, built: RegisteredParts): readonly pulumi.Resource[] {
    const { tenant, cluster, secrets } = args;
    const notifications = notificationParts(tenant, parts);
    if (notifications.length === 0) return [];
    return new TenantNotifications(
      `${tenant.name}-notifications`,
      {
        parts: notifications,
        secrets,
        cluster,
        repositoryPage: mustGet(built.repositories, tenant.repository.name).page,
        labels: built.labels,
        namespace: (name) => mustGet(built.namespaces, name).namespace,
      },
      { parent: this },
    ).objects;
  }

  /** Their Receivers. */
  #webhooks(
    parts: TenantResources,
    { tenant, cluster, webhookUrl: url }: TenantArgs,
    built: RegisteredParts,
  ): pulumi.Resource[] {
    if (!tenant.webhook || url === undefined) return [];
    return webhookParts(parts).map((part) => {
      const { namespace } = mustGet(built.namespaces, part.namespace);
      const repository = mustGet(built.repositories, part.repository);
      const { receiver } = new TenantWebhook(
        `${part.resourceName}-webhook`,
        { part, url, cluster, repository, namespace, labels: built.labels },
        { parent: this },
      );
      return receiver;
    });
  }

  /** Last of all, see {@link fluxQuotaHard}. */
  #fluxQuotas(
    { namespaces }: TenantResources,
    built: Omit<RegisteredParts, "repositories"> & {
      readonly syncs: readonly { namespace: string; sync: pulumi.Resource }[];
      /** What else there is of Flux's kinds, wherever. */
      readonly others: readonly pulumi.Resource[];
    },
  ): void {
    for (const { resourceName, namespace } of namespaces) {
      new k8s.core.v1.ResourceQuota(
        `${resourceName}-quota-flux`,
        {
          metadata: {
            name: `${platformObjectName}-flux`,
            namespace: mustGet(built.namespaces, namespace.name).namespace,
            labels: built.labels,
          },
          spec: { hard: fluxQuotaHard(namespace.limits) },
        },
        {
          parent: this,
          dependsOn: [
            ...built.syncs.filter((one) => one.namespace === namespace.name).map(({ sync }) => sync),
            ...built.others,
          ],
        },
      );
    }
  }
}
