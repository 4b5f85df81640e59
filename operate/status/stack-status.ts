import type { FleetSpec } from "../../config/fleet-spec.js";
import { PLATFORM_SOURCE } from "../../config/names.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE, TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { anyFluxObject, fluxObject, notReadyReason, STALE } from "../flux-object.js";
import { isRoutineRun } from "../routine-run.js";
import {
  type ControllerStatus,
  controllerNames,
  controllerStatuses,
  foreignControllers,
  foreignText,
} from "./controllers.js";
import { type KeyAge, keyAges } from "./key-ages.js";
import { finder, type ObservedCluster } from "./observed-cluster.js";
import { type QuotaUse, quotaUses } from "./quota-use.js";
import { type Suspension, suspensionOf } from "./suspension.js";
import { type SyncFacts, type SyncStatus, syncStatus, type WantedSync } from "./sync-status.js";

/** An object of Flux that the platform's repository has on the cluster. */
export interface InfrastructureStatus {
  /** `Kustomization flux-system/infrastructure` */
  readonly object: string;
  readonly ready: boolean;
  /** Why it is not Ready, in Flux's words. @default - it is */
  readonly message?: string;
  readonly suspended?: Suspension;
}

/** The state of a tenant on one cluster. */
export interface TenantStatus {
  readonly name: string;
  readonly syncs: readonly SyncStatus[];
  readonly quota: readonly QuotaUse[];
  readonly keys: readonly KeyAge[];
}

/** The state of a stack's cluster. */
export interface ClusterStatus {
  /** Version of Flux that the files name. */
  readonly fluxVersion: string;
  readonly controllers: readonly ControllerStatus[];
  /** Deployments that are labelled as Flux's, and are none of the stack's controllers. */
  readonly foreignControllers: readonly string[];
  readonly infrastructure: readonly InfrastructureStatus[];
  readonly tenants: readonly TenantStatus[];
  /** Faults, each as a sentence without a period. */
  readonly findings: readonly string[];
}

/**
 * The state of a stack's cluster, compared with the stack's files.
 * @param now time of the look, in milliseconds since 1970
 */
export function clusterStatus(spec: FleetSpec, { objects }: ObservedCluster, now: number): ClusterStatus {
  const find = { sources: finder(objects.gitRepositories), syncs: finder(objects.kustomizations), now };
  const isReadable = objects.gitRepositories !== undefined && objects.kustomizations !== undefined;
  const expected = controllerNames(spec.flux);
  const controllers = objects.deployments ? controllerStatuses(objects.deployments, expected) : [];
  const foreign = foreignControllers(objects.deployments ?? [], expected);
  const infrastructure = isReadable ? infrastructureOf(spec, objects, find) : [];
  const tenants = spec.tenants.map((tenant): TenantStatus => {
    const { name } = tenant;
    const { syncs, namespaces } = resourcesOf(tenant);
    const own = new Set(namespaces.map(({ namespace }) => namespace.name));
    const isOwn = ({ metadata }: LiveObject) => own.has(metadata.namespace ?? "");
    const wanted = syncs.map(({ sync: { suspend, freeze }, ...one }) => ({ ...one, suspend, freeze }));
    return {
      name,
      syncs: isReadable ? wanted.map((one) => syncStatus(one, find)) : [],
      quota: quotaUses((objects.quotas ?? []).filter(isOwn)),
      keys: keyAges((objects.secrets ?? []).filter((one) => isOwn(one) && one.metadata.labels[TENANT_LABEL] === name)),
    };
  });
  const { version: fluxVersion } = spec.flux;
  const status = { fluxVersion, controllers, foreignControllers: foreign, infrastructure, tenants };
  return { ...status, findings: findingsOf(status) };
}

/** The platform's own sync, and everything of Flux outside of tenants' namespaces. */
function infrastructureOf(
  { tenants }: FleetSpec,
  objects: ObservedCluster["objects"],
  find: SyncFacts,
): InfrastructureStatus[] {
  const ofTenants = new Set(tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => name)));
  const isPlatforms = ({ metadata: { namespace = "", labels } }: LiveObject) => {
    return !ofTenants.has(namespace) && labels[TENANT_LABEL] === undefined;
  };
  const kinds = [
    ["Kustomization", objects.kustomizations],
    ["HelmRelease", objects.helmReleases],
  ] as const;
  const found = kinds.flatMap(([kind, all = []]) =>
    all.filter(isPlatforms).map((one) => infrastructureStatus(kind, one, find)),
  );
  const platform: WantedSync = {
    name: PLATFORM_SOURCE,
    namespace: FLUX_NAMESPACE,
    source: PLATFORM_SOURCE,
    suspend: false,
  };
  const { ready, messages, suspended, frozen } = syncStatus(platform, find);
  const root = `Kustomization ${FLUX_NAMESPACE}/${PLATFORM_SOURCE}`;
  const message = messages.length === 0 ? undefined : messages.join("; ");
  const first = { object: root, ready, ...definedOnly({ message, suspended: suspended ?? frozen }) };
  return [first, ...found.filter(({ object }) => object !== root)];
}

function infrastructureStatus(kind: string, live: LiveObject, find: SyncFacts): InfrastructureStatus {
  const isRoutine = kind === "Kustomization" && isRoutineRun(fluxObject.parse(live), fetchedFor(live, find), find.now);
  const reason = isRoutine ? undefined : notReadyReason(anyFluxObject.parse(live));
  const object = `${kind} ${live.metadata.namespace}/${live.metadata.name}`;
  const suspended = suspensionOf(live, false);
  const message = suspended !== undefined && reason === STALE ? undefined : reason;
  return { object, ready: reason === undefined, ...definedOnly({ message, suspended }) };
}

/** The revision that the source of a sync has. Undefined for another source than a GitRepository. */
function fetchedFor({ metadata, spec }: LiveObject, { sources }: SyncFacts): string | undefined {
  const { sourceRef } = (spec ?? {}) as {
    readonly sourceRef?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
  };
  if (sourceRef?.kind !== "GitRepository") return undefined;
  const source = sources(sourceRef.namespace ?? metadata.namespace ?? "", sourceRef.name ?? "");
  return source && fluxObject.parse(source).status.artifact?.revision;
}

function findingsOf(status: Omit<ClusterStatus, "findings">): string[] {
  const { fluxVersion, controllers, foreignControllers: foreign, infrastructure, tenants } = status;
  return [
    ...foreign.map(foreignText),
    ...controllers.flatMap(({ name, message }) => (message === undefined ? [] : [`${name}: ${message}`])),
    ...controllers.flatMap(({ name, version = fluxVersion }) => {
      return version === fluxVersion ? [] : [`${name} is of Flux ${version}, and the files name ${fluxVersion}`];
    }),
    ...infrastructure.flatMap(({ object, message, suspended }) => [
      ...(message === undefined ? [] : [`${object}: ${message}`]),
      ...suspensionFinding(object, suspended),
    ]),
    ...tenants.flatMap(({ name: tenant, syncs }) =>
      syncs.flatMap(({ name, namespace, messages, suspended, frozen }) => [
        ...(suspended?.byFile ? [] : messages.map((message) => `tenant ${tenant}: ${message}`)),
        ...suspensionFinding(`tenant ${tenant}: Kustomization ${namespace}/${name}`, suspended),
        ...suspensionFinding(`tenant ${tenant}: source of the Kustomization ${namespace}/${name}`, frozen),
      ]),
    ),
  ];
}

/** A suspension or a freeze by a file is wanted. */
function suspensionFinding(object: string, suspended: Suspension | undefined): string[] {
  if (suspended === undefined || suspended.byFile) return [];
  const { by, since } = suspended;
  return [`${object}: suspended by ${by}${since === undefined ? "" : ` since ${since}`}, and by no file`];
}
