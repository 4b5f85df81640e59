import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { RecordedResource } from "./state.js";

/** An object for the API server, and how the program came to it. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** Whether the program only changes fields of an object that Kubernetes makes itself. */
  readonly patch: boolean;
}

/** The Kubernetes objects of a stack, from its state: what its resources were given, sent as it is. */
export function manifestsOf(resources: readonly RecordedResource[]): Manifest[] {
  return resources.flatMap(({ type, inputs }) => {
    if (!type.startsWith("kubernetes:")) return [];
    const object = inputs as unknown as KubernetesObject;
    if (typeof object.apiVersion !== "string" || typeof object.kind !== "string") {
      throw new Error(`A resource of the type ${type} has no apiVersion and kind in its inputs.`);
    }
    return [{ object, patch: type.endsWith("Patch") }];
  });
}

/**
 * Groups of objects in the order in which the API server takes them: what others lie in, or are a kind of, first; quotas
 * last, because until the cluster has counted a kind that is new to it, a quota refuses every object of that kind.
 */
export function creationOrder(manifests: readonly Manifest[]): Manifest[][] {
  const definitions = manifests.filter(({ object }) => object.kind === "CustomResourceDefinition");
  const namespaces = manifests.filter(({ object }) => object.kind === "Namespace");
  const quotas = manifests.filter(({ object }) => object.kind === "ResourceQuota");
  const ordered = [...definitions, ...namespaces, ...quotas];
  return [definitions, namespaces, manifests.filter((each) => !ordered.includes(each)), quotas];
}

/**
 * Groups of objects in the order in which they can go: Flux's syncs while their controllers and identities live, then
 * what they sync from, then the rest; namespaces and definitions last. What was only patched goes with its namespace.
 */
export function removalOrder(manifests: readonly Manifest[]): KubernetesObject[][] {
  const objects = manifests.filter(({ patch }) => !patch).map(({ object }) => object);
  const rank = ({ kind }: KubernetesObject): number =>
    ({ Kustomization: 0, GitRepository: 1, Namespace: 3, CustomResourceDefinition: 3 })[kind] ?? 2;
  return [0, 1, 2, 3].map((wanted) => objects.filter((object) => rank(object) === wanted));
}
