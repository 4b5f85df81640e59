import type { FluxController } from "../release/controllers.js";

/** A kind of another controller. */
export interface OtherKind {
  /** Name of its CRD: `gitrepositories.source.toolkit.fluxcd.io`. */
  readonly crd: string;
  /** The controller whose CRD it is. */
  readonly controller: FluxController;
}

/** The permissions that a controller needs beside its own kinds, events and leases. */
export interface ControllerPermissions {
  /** Kubernetes' own kinds that it reads in all namespaces. No controller writes any. */
  readonly coreKinds: readonly string[];
  /** Kinds of other controllers that it reads and watches. */
  readonly reads?: readonly OtherKind[];
  /** Kinds of other controllers that it creates, changes and removes. */
  readonly writes?: readonly OtherKind[];
  /** Whether it annotates all of Flux's kinds, to request their reconciliation. RBAC can only grant `patch`. */
  readonly annotates?: true;
}

const source = (plural: string): OtherKind => ({
  crd: `${plural}.source.toolkit.fluxcd.io`,
  controller: "source-controller",
});
const imagePolicies: OtherKind = {
  crd: "imagepolicies.image.toolkit.fluxcd.io",
  controller: "image-reflector-controller",
};

/**
 * The permissions of each controller, read from its sources at the version that flux.lock.json pins: from the
 * `+kubebuilder:rbac` markers, and from its requests to the API server, which are fewer.
 *
 * Service accounts are read for pull Secrets and cloud identities, ConfigMaps for values (`postBuild`, `valuesFrom`),
 * namespaces for `spec.accessFrom` of ImageRepositories.
 */
export const CONTROLLER_PERMISSIONS: Readonly<Record<FluxController, ControllerPermissions>> = {
  "source-controller": { coreKinds: ["secrets", "serviceaccounts"] },
  "kustomize-controller": {
    coreKinds: ["secrets", "configmaps", "serviceaccounts"],
    reads: ["gitrepositories", "ocirepositories", "buckets"].map(source),
  },
  "helm-controller": {
    coreKinds: ["secrets", "configmaps", "serviceaccounts"],
    reads: [source("ocirepositories")],
    writes: [source("helmcharts")],
  },
  "notification-controller": { coreKinds: ["secrets", "serviceaccounts"], annotates: true },
  "image-reflector-controller": { coreKinds: ["namespaces", "secrets", "serviceaccounts"] },
  "image-automation-controller": {
    coreKinds: ["secrets", "serviceaccounts"],
    reads: [source("gitrepositories"), imagePolicies],
  },
};
