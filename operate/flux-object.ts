import { z } from "zod";
import { plainCharacters } from "../review/document/plain-characters.js";

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().default(""),
  observedGeneration: z.number().optional(),
  lastTransitionTime: z.string().optional(),
});

const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  generation: z.number().optional(),
});
const conditions = z.array(condition).default([]);

/** An object of any kind of Flux, as far as its readiness goes. The history of a HelmRelease has another form. */
export const anyFluxObject = z.object({ metadata, status: z.object({ conditions }).default({ conditions: [] }) });

/** A Kustomization or a source, as far as its readiness and its revision go. */
export const fluxObject = z.object({
  metadata,
  spec: z
    .object({
      suspend: z.boolean().optional(),
      interval: z.string().optional(),
      timeout: z.string().optional(),
      url: z.string().optional(),
      ref: z
        .object({
          branch: z.string().optional(),
          tag: z.string().optional(),
          semver: z.string().optional(),
          commit: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  status: z
    .object({
      conditions,
      lastAttemptedRevision: z.string().optional(),
      lastAppliedRevision: z.string().optional(),
      artifact: z.object({ revision: z.string() }).optional(),
      history: z
        .array(
          z.object({
            lastReconciled: z.string(),
            firstReconciled: z.string().optional(),
            lastReconciledStatus: z.string().optional(),
          }),
        )
        .optional(),
    })
    .default({ conditions: [] }),
});

/** A Kustomization or a source, as {@link fluxObject} reads it. */
export type FluxObject = z.output<typeof fluxObject>;

/**
 * The reason why an object is not Ready. Undefined when it is. Flux repeats texts of the tenant's repository, so the reason is
 * one line without control characters: a further line could pass for one of this program, or for a command to GitHub's runner.
 */
export function notReadyReason(object: z.output<typeof anyFluxObject> | undefined): string | undefined {
  if (object === undefined) return "does not exist";
  const ready = object.status.conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return "has no Ready condition yet";
  if (ready.status !== "True") return oneLine(ready.message) || `Ready is ${ready.status}`;
  const isLatest = (ready.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
  return isLatest ? undefined : STALE;
}

/**
 * Whether a controller is in the middle of a run of an object, so that its outcome is not known yet. Flux begins one at each interval:
 * of some hundreds of syncs, one always is.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#reconciling-kustomization
 */
export function isInProgress({ status }: z.output<typeof anyFluxObject>): boolean {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  return ready?.status === "Unknown" && ready.reason === "Progressing";
}

/** The reason of an object whose status is older than its specification. A controller does not observe a suspended one. */
export const STALE = "its controller has not observed the latest generation yet";

function oneLine(text: string): string {
  return plainCharacters(text.replaceAll(/\s+/g, " ").trim());
}
