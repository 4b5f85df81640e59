import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePart, TenantResources } from "../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";

/** How a tenant wants to be told. */
export type Notification = TenantSpec["notifications"][string];

/**
 * What an Alert listens to.
 * @see https://fluxcd.io/flux/components/notification/alerts/#event-sources
 */
export interface EventSource {
  readonly kind: string;
  readonly name: string;
}

/** A notification in one of the tenant's namespaces: Flux takes no reference from one namespace to another. */
export interface NotificationPart {
  /** What the names of its resources start with. */
  readonly resourceName: string;
  /** Name of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly notification: Notification;
  /** In that namespace. */
  readonly sources: readonly EventSource[];
}

/** Kinds whose fate a tenant wants to know, the platform's own objects and the tenant's alike. */
const everyKind = [
  "Kustomization",
  "HelmRelease",
  "GitRepository",
  "OCIRepository",
  "HelmRepository",
  "HelmChart",
  "Bucket",
];

/** What notification-controller needs for each of a tenant's notifications. A namespace without a source has none. */
export function notificationParts(tenant: TenantSpec, parts: TenantResources): NotificationPart[] {
  return Object.entries(tenant.notifications).flatMap(([name, notification]) =>
    parts.namespaces.flatMap(({ resourceName, namespace }) => {
      const sources = eventSources(notification, namespace, parts);
      if (sources.length === 0) return [];
      return [
        {
          // No tenant's name has a dot, so this is not taken for another tenant's.
          resourceName: `${resourceName}.${name}`,
          name: `tenant-notify-${name}`,
          namespace: namespace.name,
          notification,
          sources,
        },
      ];
    }),
  );
}

function eventSources(
  { type, syncs }: Notification,
  namespace: NamespacePart["namespace"],
  parts: TenantResources,
): EventSource[] {
  // Only a Kustomization's events name a commit of the repository.
  const kinds = type === "github" ? ["Kustomization"] : everyKind;
  if (syncs.length === 0) return kinds.map((kind) => ({ kind, name: "*" }));
  const chosen = parts.syncs.filter((sync) => sync.namespace === namespace.name && syncs.includes(sync.name));
  const sources = new Set(chosen.map(({ source }) => source));
  return [
    ...chosen.map(({ name }) => ({ kind: "Kustomization", name })),
    ...[...sources].map((name) => ({ kind: "GitRepository", name })),
  ].filter(({ kind }) => kinds.includes(kind));
}

/** Where notification-controller looks for what. `headers` is YAML, of which JSON is a part. */
type SecretData = Readonly<Partial<Record<"address" | "token" | "headers", string>>>;

/**
 * What a secret's value is to the service: its address, where the file names none; or what proves who sends.
 *
 * notification-controller sends no token to a plain webhook, but whatever headers the Secret names.
 * @see https://fluxcd.io/flux/components/notification/providers/#authentication
 */
export function notificationSecret({ type, address }: Notification, value: string): SecretData {
  if (type === "github" || type === "generic-hmac") return { token: value };
  if (address === undefined) return { address: value };
  if (type === "generic") return { headers: JSON.stringify({ Authorization: `Bearer ${value}` }) };
  return { token: value };
}

/** @param page page of the tenant's first repository at GitHub, whose commits get a status where no other is named */
export function providerSpec({ name, notification }: NotificationPart, page: pulumi.Input<string>) {
  const { type, channel } = notification;
  const address = notification.address ?? (type === "github" ? page : undefined);
  return {
    type,
    ...(address === undefined ? {} : { address }),
    ...(channel === undefined ? {} : { channel }),
    secretRef: { name },
  };
}

/** @param cluster name of the cluster, which every message names */
export function alertSpec({ name, notification, sources }: NotificationPart, cluster: string) {
  return {
    providerRef: { name },
    eventSeverity: notification.events,
    eventSources: sources.map((source) => ({ ...source })),
    eventMetadata: { cluster },
  };
}
