import type { FluxController } from "../release/controllers.js";

/** A kind of another controller's, as its CRD is named: `gitrepositories.source.toolkit.fluxcd.io`. */
interface ForeignKind {
  readonly kind: string;
  /** The controller that brings it. */
  readonly of: FluxController;
}

/** What a controller must reach beside its own kinds, events and leases. */
export interface ControllerNeeds {
  /** Of Kubernetes' own: kinds that it reads in all namespaces. Nobody writes any. */
  readonly core: readonly string[];
  /** Flux's kinds of others that it reads and follows. */
  readonly reads: readonly ForeignKind[];
  /** Flux's kinds of others that it makes, changes and removes. */
  readonly makes: readonly ForeignKind[];
  /** Whether it annotates every kind of Flux's, to have it looked at. RBAC can only say: patches. */
  readonly annotates: boolean;
}

const none: ControllerNeeds = { core: [], reads: [], makes: [], annotates: false };

const of =
  (controller: FluxController, group: string) =>
  (plural: string): ForeignKind => ({ kind: `${plural}.${group}`, of: controller });
const source = of("source-controller", "source.toolkit.fluxcd.io");
const image = of("image-reflector-controller", "image.toolkit.fluxcd.io");

/**
 * Read from the controllers' sources at the versions that flux.lock.json pins: their `+kubebuilder:rbac` markers, and
 * what they really ask the API server for, which is less. Service accounts are read for pull Secrets and identities of
 * clouds, ConfigMaps for values (`postBuild`, `valuesFrom`), namespaces for `spec.accessFrom` of ImageRepositories.
 */
export const CONTROLLER_NEEDS: Readonly<Record<FluxController, ControllerNeeds>> = {
  "source-controller": { ...none, core: ["secrets", "serviceaccounts"] },
  "kustomize-controller": {
    ...none,
    core: ["secrets", "configmaps", "serviceaccounts"],
    reads: ["gitrepositories", "ocirepositories", "buckets"].map(source),
  },
  "helm-controller": {
    ...none,
    core: ["secrets", "configmaps", "serviceaccounts"],
    reads: [source("ocirepositories")],
    makes: [source("helmcharts")],
  },
  "notification-controller": { ...none, core: ["secrets", "serviceaccounts"], annotates: true },
  "image-reflector-controller": { ...none, core: ["namespaces", "secrets", "serviceaccounts"] },
  "image-automation-controller": {
    ...none,
    core: ["secrets", "serviceaccounts"],
    reads: [source("gitrepositories"), image("imagepolicies")],
  },
  "source-watcher": {
    ...none,
    reads: ["gitrepositories", "ocirepositories", "buckets", "helmcharts"].map(source),
    makes: [source("externalartifacts")],
  },
};
