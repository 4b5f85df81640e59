import type { LiveObjects } from "../../lib/kubernetes/live-object.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type Finding, finding } from "./finding.js";
import { objectText, type PlannedObject } from "./planned-objects.js";

interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
}

/**
 * The controllers whose pods are not those of their Deployment. Arguments and images of a Deployment are true of its pods
 * only when the newest ones run, and no others.
 */
export function findStoppedControllers(planned: readonly PlannedObject[], live: LiveObjects): Finding[] {
  return planned.flatMap((object) => {
    const found = object.kind === "Deployment" ? live.get(object.identity) : undefined;
    if (found === undefined) return [];
    const status = (found.status ?? {}) as DeploymentStatus;
    const { replicas = 1 } = (found.spec ?? {}) as { readonly replicas?: number };
    const { updatedReplicas: updated = 0, availableReplicas: available = 0, observedGeneration = 0 } = status;
    const isCurrent = observedGeneration >= (found.metadata.generation ?? 0);
    if (isCurrent && replicas > 0 && updated >= replicas && available >= replicas) return [];
    const difference = isCurrent
      ? `has ${available} available pods and ${updated} of the newest revision, of ${replicas}`
      : "its newest revision is not rolled out yet";
    const { namespace = "", name } = object.metadata;
    const fix = `kubectl --namespace ${shellWord(namespace)} describe deployment ${shellWord(name)}`;
    return [finding("controller-unavailable", { object: objectText(object), owner: object.owner, difference, fix })];
  });
}
