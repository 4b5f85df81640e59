import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageUpdatesName } from "../../config/tenant/image-automation/schema.js";
import { resourcesOf, type TenantResources } from "../../config/tenant/parts.js";
import type { ExistingGitHub } from "../../lib/github/existing.js";
import { ImageAutomation } from "./image-automation/image-automation.js";
import { registerFluxQuotas } from "./namespace/flux-quotas.js";
import { TenantNamespace } from "./namespace/tenant-namespace.js";
import { type SecretValues, TenantNotifications } from "./notifications/notifications.js";
import { notificationParts } from "./notifications/objects.js";
import { TenantWebhook } from "./notifications/webhook.js";
import { webhookParts } from "./notifications/webhook-objects.js";
import {
  labelsOf,
  primaryNamespace,
  primaryRepository,
  type RegisteredParts,
  type TenantContext,
} from "./registered-parts.js";
import { TenantRepository } from "./repository/tenant-repository.js";
import { TenantTeam } from "./repository/tenant-team.js";
import { TenantRobot } from "./robot.js";
import { gitSyncs, type RegisteredSync } from "./sync/git-syncs.js";
import { helmSources } from "./sync/helm-sources.js";

/** A tenant, and the existing cluster and GitHub objects that it will use. */
export interface TenantArgs extends TenantContext {
  /** Objects of GitHub that exist before the update. */
  readonly existing: ExistingGitHub;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
  /** Values of the tenant's secrets in the stack's configuration. */
  readonly secrets: SecretValues;
  /** Resources that outlive the tenant's syncs: controllers, admission policies, roles, infrastructure. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Resources that must exist before a repository is generated from the template. */
  readonly templateDependencies: readonly pulumi.Resource[];
}

/**
 * One tenant on one cluster: its repositories, its team and its deploy keys; its namespaces with their limits and
 * service accounts; and its syncs.
 *
 * Pulumi removes the syncs first, while their service accounts exist, so that Flux can prune.
 */
export class Tenant extends pulumi.ComponentResource {
  /** Name of the primary namespace. */
  readonly namespace: pulumi.Output<string>;
  /** `ssh://` URL that Flux clones the primary repository from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key for the primary repository. */
  readonly keyFingerprint: pulumi.Output<string>;

  constructor(name: string, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Tenant", name, {}, opts);
    const { tenant, spec, hostKeys } = args;
    const resources = resourcesOf(tenant);

    const team = this.#registerTeam(name, args);
    const repositories = this.#registerRepositories(resources, args, team);
    const namespaces = this.#registerNamespaces(resources, args);
    const parts: RegisteredParts = { tenant, spec, resources, repositories, namespaces, hostKeys };

    const syncs = [
      ...gitSyncs(parts, { parent: this }),
      ...this.#registerHelmSources(parts),
      ...this.#registerImageAutomation(parts),
    ];
    if (tenant.robot.enabled) new TenantRobot(`${tenant.name}-robot`, parts, { parent: this });
    const notifications = this.#registerNotifications(parts, args.secrets);
    const receivers = this.#registerWebhooks(parts);
    registerFluxQuotas(parts, { syncs, others: [...notifications, ...receivers] }, { parent: this });

    const repository = primaryRepository(parts);
    this.namespace = primaryNamespace(parts).namespace;
    this.cloneUrl = repository.cloneUrl;
    this.keyFingerprint = repository.key.fingerprint;
    this.registerOutputs({
      namespace: this.namespace,
      cloneUrl: this.cloneUrl,
      keyFingerprint: this.keyFingerprint,
    });
  }

  /** Undefined when the tenant has no team, or when another stack manages it. */
  #registerTeam(name: string, { tenant, spec, existing }: TenantArgs): TenantTeam | undefined {
    const { team } = tenant;
    if (team === undefined || !spec.github.ownsRepositories) return undefined;
    const args = { tenant: tenant.name, team, existing: existing.teams.get(team.name) };
    return new TenantTeam(`${name}-team`, args, { parent: this });
  }

  #registerRepositories({ repositories }: TenantResources, args: TenantArgs, team: TenantTeam | undefined) {
    return new Map(
      repositories.map(({ resourceName, repository }) => [
        repository.name,
        new TenantRepository(resourceName, { ...args, repository, teamId: team?.teamId }, { parent: this }),
      ]),
    );
  }

  #registerNamespaces({ namespaces }: TenantResources, args: TenantArgs) {
    return new Map(
      namespaces.map(({ resourceName, namespace }) => [
        namespace.name,
        new TenantNamespace(resourceName, { ...args, namespace }, { parent: this }),
      ]),
    );
  }

  /** The Helm sources that the tenant file declares, in the primary namespace. */
  #registerHelmSources(parts: RegisteredParts): RegisteredSync[] {
    const { tenant } = parts;
    const { namespace, dependencies } = primaryNamespace(parts);
    return helmSources(tenant.helm, { namespace, labels: labelsOf(parts) }).map(({ resourceName, object }) => {
      const opts = { parent: this, dependsOn: [...dependencies] };
      const sync = new k8s.apiextensions.CustomResource(`${tenant.name}.${resourceName}`, object, opts);
      return { namespace: tenant.namespaces[0].name, sync };
    });
  }

  /** Updates the images of the primary repository, from the primary namespace. */
  #registerImageAutomation(parts: RegisteredParts): RegisteredSync[] {
    const { tenant } = parts;
    const { imageAutomation: automation } = tenant;
    if (automation === undefined) return [];
    const sync = new ImageAutomation(imageUpdatesName(tenant.name), { parts, automation }, { parent: this });
    return [{ namespace: tenant.namespaces[0].name, sync }];
  }

  #registerNotifications(parts: RegisteredParts, secrets: SecretValues): readonly pulumi.Resource[] {
    const notifications = notificationParts(parts.tenant, parts.resources);
    if (notifications.length === 0) return [];
    const args = { parts, notifications, secrets };
    return new TenantNotifications(`${parts.tenant.name}-notifications`, args, { parent: this }).objects;
  }

  /** The Receivers of the webhooks. */
  #registerWebhooks(parts: RegisteredParts): pulumi.Resource[] {
    const { webhookUrl: url } = parts.spec.flux;
    if (!parts.tenant.webhook || url === undefined) return [];
    return webhookParts(parts.resources).map((webhook) => {
      return new TenantWebhook(`${webhook.resourceName}-webhook`, { parts, webhook, url }, { parent: this }).receiver;
    });
  }
}
