import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { PLATFORM_SOURCE } from "../../config/names.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fluxObject, notReadyReason } from "../../operate/flux-object.js";
import { controllerNames, controllerStatuses } from "../../operate/status/controllers.js";
import { suspensionOf } from "../../operate/status/suspension.js";

/** The objects in Flux's namespace that the platform consists of. */
export interface PlatformObjects {
  readonly deployments: readonly LiveObject[];
  readonly kustomizations: readonly LiveObject[];
  /** Revision that the source of the platform has fetched. @default - none yet */
  readonly fetched: string | undefined;
}

/** Client that applies the files of the platform. */
const APPLIER = "kustomize-controller";

/** A sync that applies the source of the platform. Another kind, or another namespace, may have a source of that name. */
const ofPlatform = z.object({
  spec: z.object({
    sourceRef: z.object({
      kind: z.literal("GitRepository"),
      name: z.literal(PLATFORM_SOURCE),
      namespace: z.literal(FLUX_NAMESPACE).optional(),
    }),
  }),
});

/**
 * Why the platform is not Ready, beside its root sync. That keeps its Ready condition while a controller is down, and until
 * its next interval while a sync of the infrastructure fails. A sync that a file of `fleet/` suspends does not count.
 */
export function platformReasons(
  { flux }: Pick<FleetSpec, "flux">,
  { deployments, kustomizations, fetched }: PlatformObjects,
): string[] {
  const controllers = controllerStatuses(deployments, controllerNames(flux)).flatMap(({ name, message }) =>
    message === undefined ? [] : [`Deployment ${FLUX_NAMESPACE}/${name}: ${message}`],
  );
  const syncs = kustomizations
    .filter(({ metadata: { name } }) => name !== PLATFORM_SOURCE)
    .flatMap((sync) => {
      const reason = syncReason(sync, fetched);
      return reason === undefined ? [] : [`Kustomization ${FLUX_NAMESPACE}/${sync.metadata.name}: ${reason}`];
    });
  return [...controllers, ...syncs];
}

function syncReason(object: LiveObject, fetched: string | undefined): string | undefined {
  const suspension = suspensionOf(object, false);
  if (suspension !== undefined)
    return suspension.by === APPLIER ? undefined : `is suspended by ${suspension.by}, and by no file`;
  const sync = fluxObject.parse(object);
  const applied = sync.status.lastAppliedRevision;
  const isOfPlatform = ofPlatform.safeParse(object).success;
  const behind = `has applied ${applied ?? "nothing"}, and its source has ${fetched ?? "nothing"}`;
  return notReadyReason(sync) ?? (isOfPlatform && applied !== fetched ? behind : undefined);
}
