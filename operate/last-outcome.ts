import type { LiveObject } from "../lib/kubernetes/live-object.js";
import { fluxObject, isInProgress, notReadyReason } from "./flux-object.js";

/**
 * Remembers the syncs that a look has seen Ready. In later looks, one that is in the middle of a run since then is as it was seen:
 * in a large fleet, some sync always runs, and no look would have all Ready. Another generation or revision is a new state, whose
 * outcome counts.
 */
export function lastOutcomes(): (syncs: readonly LiveObject[]) => readonly LiveObject[] {
  const seen = new Map<string, { readonly state: string; readonly sync: LiveObject }>();
  return (syncs) =>
    syncs.map((sync) => {
      const parsed = fluxObject.parse(sync);
      const { namespace, name, generation } = parsed.metadata;
      const key = `${namespace}/${name}`;
      const state = JSON.stringify([generation, parsed.status.lastAppliedRevision, sync.metadata.uid]);
      if (notReadyReason(parsed) === undefined) seen.set(key, { state, sync });
      else if (!isInProgress(parsed)) seen.delete(key);
      const before = seen.get(key);
      return before?.state === state && isInProgress(parsed) ? before.sync : sync;
    });
}
