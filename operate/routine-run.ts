import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { type FluxObject, isInProgress } from "./flux-object.js";

/** The outcome of a run that applied everything, and found it healthy. */
const SUCCEEDED = "ReconciliationSucceeded";

/** ms by which a run may begin later than its interval, which Flux changes by 5 % at random: it waits for a free worker. */
const delayMs = 30_000;

/**
 * Whether a sync is in one of the runs that Flux makes at each interval, and is as the run before left it: Ready, with the revision
 * that its source has. A run that lasts longer than the timeout of the sync is none, and neither is the first one of a change. A
 * build or fetch that fails leaves no entry in the history, so the run must begin an interval after the last entry.
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
  const [last] = status.history ?? [];
  const succeeded = last?.lastReconciledStatus === SUCCEEDED;
  const limit = durationMilliseconds(spec?.timeout ?? spec?.interval ?? "") ?? 0;
  const begun = Date.parse(ready?.lastTransitionTime ?? "");
  const interval = durationMilliseconds(spec?.interval ?? "") ?? 0;
  const isNext = begun - Date.parse(last?.lastReconciled ?? "") <= 1.1 * interval + delayMs;
  return isLatest && isApplied && succeeded && isNext && now - begun <= limit;
}
