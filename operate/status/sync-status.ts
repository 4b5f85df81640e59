import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { type FluxObject, fluxObject, notReadyReason, STALE } from "../flux-object.js";
import { frozenSourceReason } from "../frozen-source.js";
import { isRoutineRun } from "../routine-run.js";
import type { Find } from "./observed-cluster.js";
import { type FreezeStatus, type Suspension, suspensionOf } from "./suspension.js";

/** The branch that a source follows, for a comparison with its head. */
export interface FollowedBranch {
  /** `acme/team-a` */
  readonly repository: string;
  readonly branch: string;
  /** Commit that the cluster applied. */
  readonly commit: string;
}

/** The state of one sync: a Kustomization and its source. */
export interface SyncStatus {
  readonly name: string;
  readonly namespace: string;
  /**
   * Whether source and sync are Ready in their latest generation, with the newest revision that was fetched. In the middle of a
   * run at its interval, a sync is as the run before left it.
   */
  readonly ready: boolean;
  /** Why it is not Ready, in Flux's words. A suspension says already that Flux observes no change. */
  readonly messages: readonly string[];
  /** The applied revision: `main@sha1:…`. @default - none yet */
  readonly revision?: string;
  /** Time since which Flux applies that revision. @default - Flux noted none */
  readonly appliedSince?: string;
  /** @default - it is not suspended */
  readonly suspended?: Suspension;
  /** @default - its source fetches new revisions, or the sync itself is suspended */
  readonly frozen?: FreezeStatus;
  /** @default - the source follows no branch, or nothing was applied */
  readonly follows?: FollowedBranch;
}

/** The place of a sync, and its source. */
export interface WantedSync {
  readonly name: string;
  readonly namespace: string;
  readonly source: string;
  /** Whether a file of the stack suspends it. */
  readonly suspend: boolean;
  /** The freeze of the stack's files. @default - none */
  readonly freeze?: { readonly until: string; readonly reason: string } | undefined;
}

/** The objects of the cluster, and the time of the look. */
export interface SyncFacts {
  readonly sources: Find;
  readonly syncs: Find;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** The state of a sync on the cluster. */
export function syncStatus(wanted: WantedSync, find: SyncFacts): SyncStatus {
  const { name, namespace, suspend } = wanted;
  const [liveSource, liveSync] = [find.sources(namespace, wanted.source), find.syncs(namespace, name)];
  const [source, sync] = [liveSource, liveSync].map((one) => parsed(one));
  const revision = sync?.status.lastAppliedRevision;
  const suspended = liveSync && suspensionOf(liveSync, suspend);
  const frozen = suspended === undefined ? freezeOf(wanted, liveSource) : undefined;
  const reasons = reasonsOf(wanted, { source, sync, isFrozen: frozen?.byFile === true, now: find.now });
  const isStill = (suspended ?? frozen) !== undefined;
  return {
    name,
    namespace,
    ready: reasons.length === 0,
    messages: isStill ? reasons.filter((reason) => !reason.endsWith(`: ${STALE}`)) : reasons,
    ...definedOnly({
      revision,
      appliedSince: sync?.status.history?.[0]?.firstReconciled ?? readySince(sync),
      suspended,
      frozen,
      follows: source && revision ? followedBranch(source, revision) : undefined,
    }),
  };
}

function freezeOf({ suspend, freeze }: WantedSync, source: LiveObject | undefined): FreezeStatus | undefined {
  const found = source && suspensionOf(source, suspend || freeze !== undefined);
  return found && { ...found, ...freeze };
}

function parsed(object: LiveObject | undefined): FluxObject | undefined {
  return object && fluxObject.parse(object);
}

/** The controller of a suspended source observes no change: a sync that its file freezes is judged by what it applies. */
function reasonsOf(
  { name, namespace, source: sourceName }: WantedSync,
  { source, sync, isFrozen, now }: FoundSync,
): string[] {
  const reasons = [
    ["GitRepository", sourceName, isFrozen && source ? frozenSourceReason(source) : notReadyReason(source)],
    ["Kustomization", name, syncReason(source, sync, now)],
  ] as const;
  return reasons.flatMap(([kind, object, reason]) =>
    reason === undefined ? [] : [`${kind} ${namespace}/${object}: ${reason}`],
  );
}

interface FoundSync {
  readonly source: FluxObject | undefined;
  readonly sync: FluxObject | undefined;
  readonly isFrozen: boolean;
  readonly now: number;
}

function syncReason(source: FluxObject | undefined, sync: FluxObject | undefined, now: number): string | undefined {
  if (isRoutineRun(sync, source?.status.artifact?.revision, now)) return undefined;
  return notReadyReason(sync) ?? behindSource(source, sync);
}

/** A sync stays Ready with an older revision until its controller begins with the newest one that was fetched. */
function behindSource(source: FluxObject | undefined, sync: FluxObject | undefined): string | undefined {
  const [fetched, applied] = [source?.status.artifact?.revision, sync?.status.lastAppliedRevision];
  if (fetched === applied) return undefined;
  return `has applied ${applied ?? "nothing"}, and its source has ${fetched ?? "nothing"}`;
}

function readySince(sync: FluxObject | undefined): string | undefined {
  return sync?.status.conditions.find(({ type, status }) => type === "Ready" && status === "True")?.lastTransitionTime;
}

/** A tag, a range of versions and a commit are no branch whose head moves on. */
function followedBranch({ spec }: FluxObject, revision: string): FollowedBranch | undefined {
  const { branch, tag, semver, commit: pinned } = spec?.ref ?? {};
  const [, repository] = /([^/:]+\/[^/]+?)(?:\.git)?$/.exec(spec?.url ?? "") ?? [];
  const [, commit] = /@sha1:([0-9a-f]{40})$/.exec(revision) ?? [];
  const isPinned = (tag ?? semver ?? pinned) !== undefined;
  if (branch === undefined || isPinned || repository === undefined || commit === undefined) return undefined;
  return { repository, branch, commit };
}
