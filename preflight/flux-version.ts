import { compareVersions } from "../lib/data/compare-versions.js";
import { FLUX_NAMESPACE, isManagedByFleet, VERSION_LABEL } from "../lib/kubernetes/ownership-labels.js";
import type { StackState } from "../lib/state/stack-state.js";

const DEPLOYMENT_TYPE = "kubernetes:apps/v1:Deployment";

interface Metadata {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The versions of Flux whose controllers a stack's state has, the newest last: `v2.9.2`. It is one, unless an update
 * stopped between two controllers.
 */
export function installedFlux(state: StackState): readonly string[] {
  const versions = Object.values(state).flatMap(({ type, outputs }) => {
    const { namespace, labels } = (outputs.metadata ?? {}) as Metadata;
    const version = labels?.[VERSION_LABEL];
    const isController = type === DEPLOYMENT_TYPE && namespace === FLUX_NAMESPACE && isManagedByFleet(labels);
    return isController && version !== undefined ? [version] : [];
  });
  return [...new Set(versions)].sort(compareVersions);
}
