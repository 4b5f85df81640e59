import type { TenantNamespaces } from "../../operate/access/bindings.js";
import { anyFluxObject, isInProgress, notReadyReason } from "../../operate/flux-object.js";
import type { ListedObject } from "../../operate/verify/left-over.js";
import type { BranchHeads } from "../../operate/verify/syncs.js";
import type { ApiClient } from "../cluster/api-client.js";
import { listObjects, type ReadCluster } from "./read-cluster.js";

/** The time for runs of syncs to end. */
export interface SettleTimes {
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Waits between two looks. */
  readonly pause: () => Promise<void>;
  /** Milliseconds for all runs. */
  readonly limitMs: number;
}

/** The syncs that a finding judges: others, such as those that a tenant nests, would only cost time. */
export interface JudgedSyncs {
  /** Identities of the plan's objects. */
  readonly planned: ReadonlySet<string>;
  /** Tenants by namespace. Of their syncs, the planned ones are judged. */
  readonly tenants: TenantNamespaces;
}

/** Kinds whose controllers run at each interval, and say so. */
const running = ["Kustomization", "HelmRelease"];
const sources = ["GitRepository", "OCIRepository", "Bucket"];

/**
 * A cluster whose syncs are as their last run left them. One in the middle of a run says nothing about its outcome, and in a large fleet
 * one always is. So the syncs are read again with their sources, by one list for each kind, until each has been seen with an outcome.
 * A revision that a source has fetched since then begins further runs, whose outcomes count as well.
 * @returns the cluster, with those in the middle of a run that have had no outcome within the limit
 * @throws CouldNotLookError with the missing right
 */
export async function withSettledSyncs(
  client: ApiClient,
  cluster: ReadCluster,
  judged: JudgedSyncs,
  { now, pause, limitMs }: SettleTimes,
): Promise<ReadCluster> {
  const isJudged = ({ kind, identity, object: { metadata } }: ListedObject) => {
    const isTenants = judged.tenants.has(metadata.namespace ?? "");
    return running.includes(kind) && (judged.planned.has(identity) || !isTenants);
  };
  const look = new SettlingSyncs(cluster.listed, isJudged);
  if (look.isSettled) return cluster;
  const types = [...sources, ...running].flatMap((kind) => {
    return cluster.listed.find((one) => one.kind === kind)?.type ?? [];
  });
  const end = now() + limitMs;
  for (let isFirst = true; !look.isSettled && now() < end; isFirst = false) {
    // Other parts were read since then, so most runs have ended.
    if (!isFirst) await pause();
    for (const type of types) look.note(type.kind, await listObjects(client, type));
  }
  const { listed } = look;
  return { ...cluster, listed, objects: new Map(listed.map(({ identity, object }) => [identity, object])) };
}

/** The newest commits of branches without those whose GitRepository has fetched another one since they were asked for. */
export function headsOfUnmoved(heads: BranchHeads, before: ReadCluster, after: ReadCluster): BranchHeads {
  const [first, last] = [revisionsOf(before.listed), revisionsOf(after.listed)];
  return new Map(
    [...heads].filter(([name]) => first.get(`GitRepository ${name}`) === last.get(`GitRepository ${name}`)),
  );
}

/** Syncs and their sources over several looks. */
class SettlingSyncs {
  readonly #current: Map<string, ListedObject>;
  readonly #firstRevisions: ReadonlyMap<string, string | undefined>;
  readonly #isJudged: (one: ListedObject) => boolean;
  /** Identities of the syncs whose outcome is not known. */
  readonly #open: Set<string>;

  constructor(listed: readonly ListedObject[], isJudged: (one: ListedObject) => boolean) {
    this.#current = new Map(listed.map((one) => [one.identity, one]));
    this.#isJudged = isJudged;
    this.#firstRevisions = revisionsOf(listed);
    this.#open = new Set(listed.filter((one) => isJudged(one) && isRunning(one)).map(({ identity }) => identity));
  }

  get isSettled(): boolean {
    return this.#open.size === 0;
  }

  get listed(): readonly ListedObject[] {
    return [...this.#current.values()];
  }

  /** Takes over a later list of all objects of a kind. */
  note(kind: string, list: readonly ListedObject[]): void {
    const known = list.filter(({ identity }) => this.#current.has(identity));
    if (sources.includes(kind)) {
      for (const one of known) this.#current.set(one.identity, one);
      return;
    }
    const found = new Set(list.map(({ identity }) => identity));
    const gone = [...this.#current.values()].filter((one) => one.kind === kind && !found.has(one.identity));
    for (const { identity } of gone) {
      this.#current.delete(identity);
      this.#open.delete(identity);
    }
    const revisions = revisionsOf(this.listed);
    for (const one of known.filter(this.#isJudged)) this.#noteSync(one, revisions);
  }

  #noteSync(one: ListedObject, revisions: ReadonlyMap<string, string | undefined>): void {
    const { identity, object } = one;
    const source = sourceOf(one);
    const revision = revisions.get(source);
    const { status = {} } = object as { readonly status?: { readonly lastAppliedRevision?: string } };
    // A source that was read before its sync may be the older one: the next look decides.
    const isAtSource =
      one.kind !== "Kustomization" || revision === undefined || status.lastAppliedRevision === revision;
    const isReady = notReadyReason(anyFluxObject.parse(object)) === undefined;
    if (!isRunning(one)) {
      this.#current.set(identity, one);
      if (isAtSource || !isReady) this.#open.delete(identity);
    }
    if (!isAtSource && (isReady || isRunning(one)) && revision !== this.#firstRevisions.get(source)) {
      this.#open.add(identity);
    }
  }
}

/** The fetched revisions of sources, by `KIND NAMESPACE/NAME`. */
function revisionsOf(listed: readonly ListedObject[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    listed
      .filter(({ kind }) => sources.includes(kind))
      .map(({ kind, object: { metadata, status } }) => {
        const { artifact } = (status ?? {}) as { readonly artifact?: { readonly revision?: string } };
        return [`${kind} ${metadata.namespace}/${metadata.name}`, artifact?.revision];
      }),
  );
}

/** `GitRepository payments/app` */
function sourceOf({ object: { metadata, spec } }: ListedObject): string {
  const { sourceRef } = (spec ?? {}) as {
    readonly sourceRef?: { readonly kind: string; readonly name: string; readonly namespace?: string };
  };
  return sourceRef === undefined
    ? ""
    : `${sourceRef.kind} ${sourceRef.namespace ?? metadata.namespace}/${sourceRef.name}`;
}

function isRunning({ kind, object }: ListedObject): boolean {
  return running.includes(kind) && isInProgress(anyFluxObject.parse(object));
}
