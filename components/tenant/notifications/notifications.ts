import * as pulumi from "@pulumi/pulumi";
import type { NotificationPart } from "../../../config/tenant/notifications/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { fluxObject, fluxSecret } from "../../flux/flux-object.js";
import { inNamespace, metadataOf, mustGet, type RegisteredParts, repositoryOf } from "../registered-parts.js";

type Notification = TenantSpec["notifications"][string];

/** A tenant's notifications. */
export interface TenantNotificationsArgs {
  readonly parts: RegisteredParts;
  readonly notifications: readonly NotificationPart[];
}

/** The Providers and Alerts that report the state of a tenant's syncs, with their Secrets. */
export class TenantNotifications extends pulumi.ComponentResource {
  /** Objects of Flux's kinds, which the quota of Flux's kinds counts. */
  readonly objects: readonly pulumi.Resource[];

  constructor(name: string, args: TenantNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Notifications", name, {}, opts);
    this.objects = args.notifications.flatMap((part) => this.#register(args.parts, part));
    this.registerOutputs();
  }

  #register(parts: RegisteredParts, { resourceName, name, namespace, notification, sources }: NotificationPart) {
    const metadata = metadataOf(parts, name, namespace);
    const values = parts.secrets.apply((all) =>
      notificationSecret(notification, mustGet(new Map(Object.entries(all)), notification.secret)),
    );
    const secret = fluxSecret(`${resourceName}-notify-secret`, metadata, values, inNamespace(parts, this, namespace));
    const { type, channel, events: eventSeverity } = notification;
    // A commit gets its status on the page of the primary repository, if the notification names no other.
    const address = notification.address ?? (type === "github" ? repositoryOf(parts).repository.page : undefined);
    const commitStatusExpr = type === "github" ? commitStatus(parts.spec.cluster) : undefined;
    const target = { type, secretRef: { name }, ...definedOnly({ address, channel, commitStatusExpr }) };
    const afterSecret = { parent: this, dependsOn: [secret] };
    const provider = fluxObject(`${resourceName}-notify-provider`, "Provider", { metadata, spec: target }, afterSecret);
    // Every message names the cluster.
    const eventMetadata = { cluster: parts.spec.cluster };
    const spec = { providerRef: { name }, eventSeverity, eventSources: sources, eventMetadata };
    const afterProvider = { parent: this, dependsOn: [provider] };
    return [provider, fluxObject(`${resourceName}-notify-alert`, "Alert", { metadata, spec }, afterProvider)];
  }
}

/**
 * The expression of a commit status's name, `CLUSTER/NAMESPACE/SYNC`. By default, Flux names neither the cluster nor the
 * namespace, but a random part that differs between clusters.
 * @see https://fluxcd.io/flux/components/notification/providers/#custom-commit-status-messages
 */
function commitStatus(cluster: string): string {
  return `'${cluster}/' + event.involvedObject.namespace + '/' + event.involvedObject.name`;
}

/**
 * The data of a notification's Secret: the address, if the tenant file has none, or the credential.
 * notification-controller sends no token to a generic webhook, but the `headers`, which are YAML, and so may be JSON.
 * @see https://fluxcd.io/flux/components/notification/providers/#authentication
 */
export function notificationSecret({ type, address }: Notification, value: string): Record<string, string> {
  if (type === "github" || type === "generic-hmac") return { token: value };
  if (address === undefined) return { address: value };
  if (type === "generic") return { headers: JSON.stringify({ Authorization: `Bearer ${value}` }) };
  return { token: value };
}
