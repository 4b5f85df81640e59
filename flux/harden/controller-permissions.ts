import type { FluxController } from "../release/controllers.js";

/** A kind of another controller's, as its CRD is named: `gitrepositories.source.toolkit.fluxcd.io`. */
export interface OtherKind {
  readonly kind: string;
  /** The controller that brings it. */
  readonly controller: FluxController;
}

/** What a controller must reach beside its own kinds, events and leases. */
export interface ControllerPermissions {
  /** Of Kubernetes' own: kinds that it reads in all namespaces. Nobody writes any. */
  readonly coreKinds: readonly string[];
  /** Flux's kinds of others that it reads and follows. */
  readonly reads: readonly OtherKind[];
  /** Flux's kinds of others that it makes, changes and removes. */
  readonly writes: readonly OtherKind[];
  /** Whether it annotates every kind of Flux's, to have it looked at. RBAC can only say: patches. */
  readonly annotates: boolean;
}

const none: ControllerPermissions = { coreKinds: [], reads: [], writes: [], annotates: false };

const kindOf =
  (controller: FluxController, group: string) =>
  (plural: string): OtherKind => ({ kind: `${plural}.${group}`, controller });
const source = kindOf("source-controller", "source.toolkit.fluxcd.io");
const image = kindOf("image-reflector-controller", "image.toolkit.fluxcd.io");

/**
 * Read from the controllers' sources at the versions that flux.lock.json pins: their `+kubebuilder:rbac` markers, and
 * what they really ask the API server for, which is less. Service accounts are read for pull Secrets and identities of
 * clouds, ConfigMaps for values (`postBuild`, `valuesFrom`), namespaces for `spec.accessFrom` of ImageRepositories.
 */
export const CONTROLLER_PERMISSIONS: Readonly<Record<FluxController, ControllerPermissions>> = {
  "source-controller": { ...none, coreKinds: ["secrets", "serviceaccounts"] },
  "kustomize-controller": {
    ...none,
    coreKinds: ["secrets", "configmaps", "serviceaccounts"],
    reads: ["gitrepositories", "ocirepositories", "buckets"].map(source),
  },
  "helm-controller": {
    ...none,
    coreKinds: ["secrets", "configmaps", "serviceaccounts"],
    reads: [source("ocirepositories")],
    writes: [source("helmcharts")],
  },
  "notification-controller": { ...none, coreKinds: ["secrets", "serviceaccounts"], annotates: true },
  "image-reflector-controller": { ...none, coreKinds: ["namespaces", "secrets", "serviceaccounts"] },
  "image-automation-controller": {
    ...none,
    coreKinds: ["secrets", "serviceaccounts"],
    reads: [source("gitrepositories"), image("imagepolicies")],
  },
  "source-watcher": {
    ...none,
    reads: ["gitrepositories", "ocirepositories", "buckets", "helmcharts"].map(source),
    writes: [source("externalartifacts")],
  },
};
