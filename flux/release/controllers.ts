/** A controller of Flux: the name of its Deployment, of its service account and of its `component` label. */
export type FluxController =
  | "source-controller"
  | "kustomize-controller"
  | "helm-controller"
  | "notification-controller"
  | "image-reflector-controller"
  | "image-automation-controller"
  | "source-watcher";

/**
 * The default components of `flux install`.
 * @see https://fluxcd.io/flux/installation/configuration/optional-components/
 */
export const DEFAULT_CONTROLLERS: readonly FluxController[] = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
];

/** The optional components. source-watcher is not supported, because no step isolates its artifacts. */
export const EXTRA_CONTROLLERS: readonly FluxController[] = [
  "image-reflector-controller",
  "image-automation-controller",
];

/** The properties of a controller that the hardening needs, from its `main.go`. */
export interface ControllerTraits {
  /** Takes `--no-cross-namespace-refs`; source-controller's objects refer to no other, so it has no such flag. */
  readonly crossNamespaceFlag: boolean;
  /** Takes `--no-remote-bases`. */
  readonly remoteBasesFlag: boolean;
  /** Takes `--custom-apply-stage-kinds`. */
  readonly appliesInStages: boolean;
  /** Has the feature gate `CancelHealthCheckOnNewRevision`. */
  readonly cancelsHealthChecks: boolean;
  /**
   * Applies objects with the rights of a service account that the tenant's object names. `--default-service-account`
   * means impersonation there, and a cloud identity elsewhere.
   */
  readonly impersonates: boolean;
  /** Reconciles objects of tenants, each of which may occupy a worker for minutes (`--concurrent`). */
  readonly worksForTenants: boolean;
  /** Serves artifacts to other controllers over HTTP, at `--storage-adv-addr`. */
  readonly servesArtifacts: boolean;
  /** Fetches artifacts from source-controller. */
  readonly fetchesArtifacts: boolean;
  /** Sends events to notification-controller, at `--events-addr`. */
  readonly sendsEvents: boolean;
  /** Connects to Git servers over SSH. */
  readonly usesSsh: boolean;
}

const none: ControllerTraits = {
  crossNamespaceFlag: true,
  remoteBasesFlag: false,
  appliesInStages: false,
  cancelsHealthChecks: false,
  impersonates: false,
  worksForTenants: false,
  servesArtifacts: false,
  fetchesArtifacts: false,
  sendsEvents: true,
  usesSsh: false,
};

/**
 * The traits of each controller, read from its sources at the version that flux.lock.json pins. `BindFlags` of
 * `acl.Options` adds `--no-cross-namespace-refs`. A controller exits when it is given a flag that it does not know.
 */
export const CONTROLLER_TRAITS: Readonly<Record<FluxController, ControllerTraits>> = {
  "source-controller": {
    ...none,
    crossNamespaceFlag: false,
    worksForTenants: true,
    servesArtifacts: true,
    usesSsh: true,
  },
  "kustomize-controller": {
    ...none,
    remoteBasesFlag: true,
    appliesInStages: true,
    cancelsHealthChecks: true,
    impersonates: true,
    worksForTenants: true,
    fetchesArtifacts: true,
  },
  "helm-controller": {
    ...none,
    cancelsHealthChecks: true,
    impersonates: true,
    worksForTenants: true,
    fetchesArtifacts: true,
  },
  "notification-controller": { ...none, sendsEvents: false },
  "image-reflector-controller": none,
  "image-automation-controller": { ...none, usesSsh: true },
  "source-watcher": { ...none, servesArtifacts: true, fetchesArtifacts: true },
};

/** Whether `name` is a controller of Flux that the hardening knows. */
export function isFluxController(name: string): name is FluxController {
  return Object.hasOwn(CONTROLLER_TRAITS, name);
}
