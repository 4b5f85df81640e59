import type { FleetSpec } from "../../config/fleet-spec.js";
import { EXTRA_COMPONENTS } from "../../config/stack/controllers.js";

/**
 * A controller of Flux that can be installed: the name of its Deployment, of its service account and of its `component`
 * label. The release's seventh, source-watcher, is not supported, because no step isolates its artifacts.
 */
export type FluxController = keyof FleetSpec["flux"]["controllers"];

/** The default components of `flux install`. */
export const DEFAULT_CONTROLLERS: readonly FluxController[] = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
];

/** Every controller that can be installed. */
export const FLUX_CONTROLLERS: readonly FluxController[] = [...DEFAULT_CONTROLLERS, ...EXTRA_COMPONENTS];

const allBut = (one: FluxController) => FLUX_CONTROLLERS.filter((name) => name !== one);

/** Name of a controller's Deployment, and of its Service and its pods' label `app`. @param shard @default - none */
export function deploymentName(controller: FluxController, shard?: string): string {
  return shard === undefined ? controller : `${controller}-${shard}`;
}

/** The controllers with a property that the hardening needs, read from their `main.go` at the pinned version. */
const traits = {
  /** Take `--no-cross-namespace-refs` (`BindFlags` of `acl.Options`); source-controller's objects refer to no other. */
  crossNamespaceFlag: allBut("source-controller"),
  /** Take `--no-remote-bases`. */
  remoteBasesFlag: ["kustomize-controller"],
  /** Take `--custom-apply-stage-kinds`. */
  appliesInStages: ["kustomize-controller"],
  /** Have the feature gate `CancelHealthCheckOnNewRevision`. */
  cancelsHealthChecks: ["kustomize-controller", "helm-controller"],
  /** Apply objects as the account that the object names; `--default-service-account` means a cloud identity elsewhere. */
  impersonates: ["kustomize-controller", "helm-controller"],
  /** Reconcile objects of tenants, each of which may occupy a worker for minutes (`--concurrent`). */
  worksForTenants: ["source-controller", "kustomize-controller", "helm-controller"],
  /** Serve artifacts to other controllers over HTTP, at `--storage-adv-addr`. */
  servesArtifacts: ["source-controller"],
  /** Fetch artifacts from source-controller. */
  fetchesArtifacts: ["kustomize-controller", "helm-controller"],
  /** Send events to notification-controller, at `--events-addr`. */
  sendsEvents: allBut("notification-controller"),
  /**
   * Run once more for each shard. Their objects carry the shard's label. All controllers but notification-controller take
   * `--watch-label-selector`; those of image automation have no artifacts, and stay shared, as in Flux's own guide.
   */
  runsInShards: ["source-controller", "kustomize-controller", "helm-controller"],
  /** Connect to Git servers over SSH. */
  usesSsh: ["source-controller", "image-automation-controller"],
} as const satisfies Readonly<Record<string, readonly FluxController[]>>;

/** A property of controllers that the hardening needs. */
export type Trait = keyof typeof traits;

/** Whether a controller has a trait. */
export function hasTrait(controller: FluxController, trait: Trait): boolean {
  const names: readonly FluxController[] = traits[trait];
  return names.includes(controller);
}
