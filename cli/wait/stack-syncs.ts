import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { PLATFORM_SOURCE } from "../../config/names.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { type FluxObject, fluxObject, notReadyReason } from "../../operate/flux-object.js";
import { frozenSourceReason } from "../../operate/frozen-source.js";
import { lastOutcomes } from "../../operate/last-outcome.js";
import { controllerNames, foreignControllers, foreignText } from "../../operate/status/controllers.js";
import { PLATFORM_REVISION, type ReadyLook, recordedRevision, revisionName } from "../../promotion/ready.js";
import type { Sender } from "../cluster/api-client.js";
import { type ReadListArgs, requireList } from "../cluster/read-list.js";
import { platformReasons } from "./platform-reasons.js";
import { clusterOf } from "./stack-cluster.js";

/** The state of one sync. */
export interface SyncState {
  /** Its name in a record: `platform`, or `TENANT/SYNC`. */
  readonly name: string;
  /** The revision that it has applied. @default - none yet */
  readonly revision?: string | undefined;
  /** Whether its source follows a tag, or a range of them. @default false */
  readonly followsTags?: boolean | undefined;
  /** Why it is not Ready, in Flux's words. Empty when it is. */
  readonly notReady: readonly string[];
  /** Observations that do not hold it up. @default - none */
  readonly notes?: readonly string[];
  /** Last day on which its file freezes it, at the revision that its source has fetched. @default - it is not frozen */
  readonly frozenUntil?: string | undefined;
}

/** Looks at the syncs of a stack: that of the platform, and all of each tenant. */
export type LookAtSyncs = () => Promise<readonly SyncState[]>;

/** The time, as in a proof, after which Flux must have applied a source once more. Undefined for any time. */
export type AppliedSince = (source: string) => string | undefined;

/** Connects to the cluster of a stack. @throws FleetError when KUBECONFIG leads elsewhere */
export type ConnectToSyncs = (spec: FleetSpec, since: AppliedSince) => Promise<LookAtSyncs>;

/** A sync to look at: its Kustomization, and the GitRepository that it applies. */
interface Wanted {
  readonly name: string;
  readonly namespace: string;
  readonly kustomization: string;
  readonly source: string;
  readonly frozenUntil?: string | undefined;
}

const lists = {
  sources: { group: "source.toolkit.fluxcd.io", version: "v1", kind: "GitRepository" },
  syncs: { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" },
  controllers: { group: "apps", version: "v1", kind: "Deployment", namespace: FLUX_NAMESPACE },
} as const satisfies Readonly<Record<string, ReadListArgs>>;

/**
 * Connects to the cluster that KUBECONFIG leads to. The platform is Ready only when its root sync, the controllers of Flux and
 * the further syncs of the platform are. Each look has three lists, whatever the number of tenants.
 */
export const connectToSyncs: ConnectToSyncs = async (spec, since) => {
  return lookAtSyncs(await clusterOf(spec.stack, FLUX_NAMESPACE), spec, since);
};

/**
 * Looks at the syncs of a stack by a client of its cluster. A sync that one look has seen Ready stays so while it is in the middle of
 * its next run.
 */
export function lookAtSyncs(client: Sender, spec: FleetSpec, since: AppliedSince): LookAtSyncs {
  const wanted = wantedSyncs(spec);
  const outcomes = lastOutcomes();
  return async () => {
    const [sources, syncs, deployments] = await Promise.all([
      requireList(client, lists.sources),
      requireList(client, lists.syncs),
      requireList(client, lists.controllers),
    ]);
    const kustomizations = outcomes(syncs);
    const found = { sources: byName(sources), kustomizations: byName(kustomizations), since };
    const states = wanted.map((one) => stateOf(one, found));
    const fetched = found.sources.get(`${FLUX_NAMESPACE}/${PLATFORM_SOURCE}`)?.status.artifact?.revision;
    const ofPlatform = kustomizations.filter(({ metadata }) => metadata.namespace === FLUX_NAMESPACE);
    const reasons = platformReasons(spec, { deployments, kustomizations: ofPlatform, fetched });
    const notes = foreignControllers(deployments, controllerNames(spec.flux)).map(foreignText);
    return states.map((one) =>
      one.name === PLATFORM_REVISION ? { ...one, notReady: [...one.notReady, ...reasons], notes } : one,
    );
  };
}

/** The syncs of a stack that run. A sync that a file suspends would never be applied, and is neither Ready nor waited for. */
function wantedSyncs({ tenants }: FleetSpec): readonly Wanted[] {
  const name = PLATFORM_SOURCE;
  const platform = { name: PLATFORM_REVISION, namespace: FLUX_NAMESPACE, kustomization: name, source: name };
  const ofTenants = tenants.flatMap((tenant) =>
    resourcesOf(tenant)
      .syncs.filter(({ sync }) => !sync.suspend)
      .map(({ name, namespace, source, sync }) => {
        const frozenUntil = sync.freeze?.until;
        return { name: revisionName(tenant.name, name), namespace, kustomization: name, source, frozenUntil };
      }),
  );
  return [platform, ...ofTenants];
}

type FluxObjects = ReadonlyMap<string, FluxObject>;

function byName(objects: readonly LiveObject[]): FluxObjects {
  const parsed = z.array(fluxObject).parse(objects);
  return new Map(parsed.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
}

interface Found {
  readonly sources: FluxObjects;
  readonly kustomizations: FluxObjects;
  readonly since: AppliedSince;
}

function stateOf(wanted: Wanted, { sources, kustomizations, since }: Found): SyncState {
  const { name, namespace } = wanted;
  const source = sources.get(`${namespace}/${wanted.source}`);
  const sync = kustomizations.get(`${namespace}/${wanted.kustomization}`);
  const reasons = [
    ["GitRepository", wanted.source, sourceReason(wanted, source)],
    [
      "Kustomization",
      wanted.kustomization,
      suspendedReason(sync) ?? notReadyReason(sync) ?? behindReason(source, sync) ?? staleReason(sync, since(name)),
    ],
  ] as const;
  const notReady = reasons.flatMap(([kind, object, reason]) =>
    reason === undefined ? [] : [`${kind} ${namespace}/${object}: ${reason}`],
  );
  const { tag, semver } = source?.spec?.ref ?? {};
  const followsTags = (tag ?? semver) !== undefined;
  return { name, revision: sync?.status.lastAppliedRevision, followsTags, notReady, frozenUntil: wanted.frozenUntil };
}

/** The source of a frozen sync is suspended, and its controller observes no change of it. The sync says what it applies. */
function sourceReason({ frozenUntil }: Wanted, source: FluxObject | undefined): string | undefined {
  const isFrozen = frozenUntil !== undefined && source?.spec?.suspend === true;
  return isFrozen ? frozenSourceReason(source) : (suspendedReason(source) ?? notReadyReason(source));
}

/** An object that was suspended by hand keeps the Ready condition of its last reconciliation. */
function suspendedReason(object: FluxObject | undefined): string | undefined {
  return object?.spec?.suspend === true ? "is suspended on the cluster, and in no file" : undefined;
}

/** A sync stays Ready with an older revision until its controller begins with the newest one that was fetched. */
function behindReason(source: FluxObject | undefined, sync: FluxObject | undefined) {
  const [fetched, applied] = [source?.status.artifact?.revision, sync?.status.lastAppliedRevision];
  return fetched === applied && applied !== undefined
    ? undefined
    : `has applied ${applied ?? "nothing"}, and its source has ${fetched ?? "nothing"}`;
}

/**
 * A sync stays Ready after an update of its namespace, whose new quota or policy shows when Flux applies the next time.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#history
 */
function staleReason(sync: FluxObject | undefined, since: string | undefined): string | undefined {
  const [last] = sync?.status.history ?? [];
  if (since === undefined || (last !== undefined && Date.parse(last.lastReconciled) >= Date.parse(since)))
    return undefined;
  return `Flux has not applied it since the update of ${since}`;
}

/** The look for a record. */
export function lookOf(states: readonly SyncState[]): ReadyLook {
  const isReady = ({ notReady }: SyncState) => notReady.length === 0;
  return {
    revisions: Object.fromEntries(
      states
        .filter(isReady)
        .map(({ name, revision = "", followsTags = false }) => [name, recordedRevision(revision, followsTags)]),
    ),
    waiting: Object.fromEntries(
      states.filter((one) => !isReady(one)).map(({ name, notReady }) => [name, shortText(notReady.join("; "))]),
    ),
  };
}

/** A text in one line. Outputs of a stack are no log. */
function shortText(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
