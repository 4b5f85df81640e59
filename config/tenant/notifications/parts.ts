import type { SyncPart, TenantResources } from "../parts.js";
import type { TenantSpec } from "../schema.js";

type Notification = TenantSpec["notifications"][string];

/** A notification in one namespace, and the name of its objects. Flux allows no reference to another namespace. */
export interface NotificationPart extends Pick<SyncPart, "resourceName" | "name" | "namespace"> {
  readonly notification: Notification;
  /** Event sources in that namespace. */
  readonly sources: readonly EventSource[];
}

/** An object whose events are sent. @see https://fluxcd.io/flux/components/notification/alerts/#event-sources */
type EventSource = Readonly<Record<"kind" | "name", string>>;

/** Kinds that a notification reports, whether the platform or the tenant owns the object. */
const everyKind = [
  "Kustomization",
  "HelmRelease",
  "GitRepository",
  "OCIRepository",
  "HelmRepository",
  "HelmChart",
  "Bucket",
];

/** The notifications of a tenant in each namespace. A namespace without event sources has none. */
export function notificationParts({ notifications }: TenantSpec, resources: TenantResources): NotificationPart[] {
  const parts = Object.entries(notifications).flatMap(([name, notification]) =>
    resources.namespaces.map(({ resourceName, namespace }) => ({
      // No tenant's name has a dot, so this is not taken for another tenant's.
      resourceName: `${resourceName}.${name}`,
      name: `tenant-notify-${name}`,
      namespace: namespace.name,
      notification,
      sources: eventSources(notification, namespace.name, resources),
    })),
  );
  return parts.filter(({ sources }) => sources.length > 0);
}

function eventSources({ type, syncs }: Notification, namespace: string, resources: TenantResources): EventSource[] {
  // Only a Kustomization's events name a commit of the repository.
  const kinds = type === "github" ? ["Kustomization"] : everyKind;
  if (syncs.length === 0) return kinds.map((kind) => ({ kind, name: "*" }));
  const chosen = resources.syncs.filter((sync) => sync.namespace === namespace && syncs.includes(sync.name));
  const sources = new Set(chosen.map(({ source }) => source));
  return [
    ...chosen.map(({ name }) => ({ kind: "Kustomization", name })),
    ...[...sources].map((name) => ({ kind: "GitRepository", name })),
  ].filter(({ kind }) => kinds.includes(kind));
}
