import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_OBJECT } from "../../config/names.js";
import { imageUpdatesName } from "../../config/tenant/image-automation/schema.js";
import { notificationParts } from "../../config/tenant/notifications/parts.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import { webhookParts } from "../../config/tenant/webhook/parts.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { tenantComponent } from "../../lib/state/stack-state.js";
import { fluxQuotaHard, quotaAnnotations } from "../../policies/quotas.js";
import { fingerprintOf } from "../github/git-credential.js";
import type { RepositoryIds } from "../github/repository.js";
import { ImageAutomation } from "./image-automation/image-automation.js";
import { TenantNamespace } from "./namespace/tenant-namespace.js";
import { TenantNotifications } from "./notifications/notifications.js";
import { TenantWebhook } from "./notifications/webhook.js";
import {
  inNamespace,
  metadataOf,
  namespaceOf,
  type RegisteredParts,
  repositoryOf,
  type TenantArgs,
} from "./registered-parts.js";
import { idsOf, tenantRepositories } from "./repository/tenant-repositories.js";
import { TenantRobot } from "./robot.js";
import { gitSyncs, type RegisteredSync } from "./sync/git-syncs.js";
import { helmSources } from "./sync/helm-sources.js";

/** The outputs of a stack about one tenant. */
export interface TenantOutputs {
  /** Name of the primary namespace. */
  readonly namespace: pulumi.Output<string>;
  /** URL that Flux clones the primary repository from. */
  readonly repository: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key for it. @default - Flux clones it by HTTPS */
  readonly keyFingerprint?: pulumi.Output<string>;
}

/**
 * One tenant on one cluster: its repositories, its team and its deploy keys; its namespaces with their limits and
 * service accounts; and its syncs. Pulumi removes the syncs first, while their service accounts exist, so that Flux can
 * prune.
 */
export class Tenant extends pulumi.ComponentResource {
  readonly outputs: TenantOutputs;
  readonly ids: RepositoryIds;

  constructor(name: string, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super(tenantComponent, name, {}, opts);
    const parts = this.#registerParts(name, args);

    const syncs = [...gitSyncs(parts, this), ...helmSources(parts, this), ...this.#registerImageAutomation(parts)];
    if (args.tenant.robot.enabled) new TenantRobot(`${name}-robot`, parts, { parent: this });
    const others = [...this.#registerNotifications(name, parts), ...this.#registerWebhooks(parts)];
    this.#registerFluxQuotas(parts, syncs, others);

    const { name: namespace } = namespaceOf(parts).object.metadata;
    const { repository, credential } = repositoryOf(parts);
    const fingerprint = definedOnly({ keyFingerprint: fingerprintOf(credential) });
    this.ids = idsOf(parts.repositories);
    this.outputs = { namespace, repository: repository.cloneUrl, ...fingerprint };
    this.registerOutputs();
  }

  /** Registers the team, the repositories and the namespaces. */
  #registerParts(name: string, args: TenantArgs): RegisteredParts {
    const resources = resourcesOf(args.tenant);
    const repositories = tenantRepositories(name, { ...args, isSynced: true }, this);
    const namespaces = resources.namespaces.map(({ resourceName, namespace }) => {
      return [namespace.name, new TenantNamespace(resourceName, { ...args, namespace }, { parent: this })] as const;
    });
    return { ...args, resources, repositories, namespaces: new Map(namespaces) };
  }

  /** Updates the images of the primary repository, from the primary namespace. */
  #registerImageAutomation(parts: RegisteredParts): RegisteredSync[] {
    const { imageAutomation: automation, name, namespaces } = parts.tenant;
    if (automation === undefined) return [];
    const sync = new ImageAutomation(imageUpdatesName(name), { parts, automation }, { parent: this });
    return [{ namespace: namespaces[0].name, sync }];
  }

  #registerNotifications(name: string, parts: RegisteredParts): readonly pulumi.Resource[] {
    const notifications = notificationParts(parts.tenant, parts.resources);
    if (notifications.length === 0) return [];
    return new TenantNotifications(`${name}-notifications`, { parts, notifications }, { parent: this }).objects;
  }

  /** The Receivers of the webhooks. */
  #registerWebhooks(parts: RegisteredParts): pulumi.Resource[] {
    const { webhookUrl: url } = parts.spec.flux;
    if (!parts.tenant.webhook || url === undefined) return [];
    return webhookParts(parts.resources).map((webhook) => {
      return new TenantWebhook(`${webhook.resourceName}-webhook`, { parts, webhook, url }, { parent: this }).receiver;
    });
  }

  /**
   * The quotas of Flux's own kinds, one in each namespace, after everything that they count.
   * @param others objects of Flux's own kinds in any of the namespaces
   */
  #registerFluxQuotas(parts: RegisteredParts, syncs: RegisteredSync[], others: pulumi.Resource[]): void {
    for (const { resourceName, namespace } of parts.resources.namespaces) {
      const counted = syncs.filter((one) => one.namespace === namespace.name).map(({ sync }) => sync);
      const metadata = metadataOf(parts, `${PLATFORM_OBJECT}-flux`, namespace.name);
      const quota = {
        metadata: { ...metadata, annotations: quotaAnnotations },
        spec: { hard: fluxQuotaHard(namespace.limits) },
      };
      const own = inNamespace(parts, this, namespace.name);
      const opts = { ...own, dependsOn: [...own.dependsOn, ...counted, ...others] };
      new k8s.core.v1.ResourceQuota(`${resourceName}-quota-flux`, quota, opts);
    }
  }
}
