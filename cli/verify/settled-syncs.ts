import type { ObjectType } from "../../lib/kubernetes/live-object.js";
import { anyFluxObject, isInProgress } from "../../operate/flux-object.js";
import type { ListedObject } from "../../operate/verify/left-over.js";
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

/** Kinds whose controllers run at each interval, and say so. */
const running = ["Kustomization", "HelmRelease"];

/**
 * A cluster whose syncs are as their last run left them. One in the middle of a run says nothing about its outcome, and in a large fleet
 * one always is. So these are read again, by one list for each kind, until each has been seen with an outcome.
 * @returns the cluster, with those in the middle of a run that have had no outcome within the limit
 * @throws CouldNotLookError with the missing right
 */
export async function withSettledSyncs(
  client: ApiClient,
  cluster: ReadCluster,
  { now, pause, limitMs }: SettleTimes,
): Promise<ReadCluster> {
  const open = new Map(cluster.listed.filter(isRunning).map((one) => [one.identity, one]));
  const settled = new Map<string, ListedObject>();
  const end = now() + limitMs;
  for (let isFirst = true; open.size > 0 && now() < end; isFirst = false) {
    // Other parts were read since then, so most runs have ended.
    if (!isFirst) await pause();
    for (const type of typesOf([...open.values()])) {
      for (const one of await listObjects(client, type)) {
        if (!open.has(one.identity) || isRunning(one)) continue;
        settled.set(one.identity, one);
        open.delete(one.identity);
      }
    }
  }
  if (settled.size === 0) return cluster;
  const listed = cluster.listed.map((one) => settled.get(one.identity) ?? one);
  return { ...cluster, listed, objects: new Map(listed.map(({ identity, object }) => [identity, object])) };
}

function isRunning({ kind, object }: ListedObject): boolean {
  return running.includes(kind) && isInProgress(anyFluxObject.parse(object));
}

function typesOf(objects: readonly ListedObject[]): readonly ObjectType[] {
  return [...new Map(objects.map(({ kind, type }) => [kind, type])).values()];
}
