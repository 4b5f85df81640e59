import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { type FluxObject, isInProgress } from "./flux-object.js";

/** The outcome of a run that applied everything, and found it healthy. */
const SUCCEEDED = "ReconciliationSucceeded";

/**
 * Whether a sync is in one of the runs that Flux makes at each interval, and is as the run before left it: Ready, with the revision
 * that its source has. A run that lasts longer than the timeout of the sync is none, and neither is the first one of a change.
 * @param fetched revision that the source has
 * @param now in milliseconds since 1970
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#history
 */
export function isRoutineRun(sync: FluxObject | undefined, fetched: string | undefined, now: number): boolean {
  if (sync === undefined || !isInProgress(sync)) return false;
  const { metadata, spec, status } = sync;
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const isLatest = (ready?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const isApplied = fetched !== undefined && status.lastAppliedRevision === fetched;
  const succeeded = status.history?.[0]?.lastReconciledStatus === SUCCEEDED;
  const limit = durationMilliseconds(spec?.timeout ?? spec?.interval ?? "") ?? 0;
  const begun = Date.parse(ready?.lastTransitionTime ?? "");
  return isLatest && isApplied && succeeded && now - begun <= limit;
}
