import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { allEnded } from "./all-ended.js";
import type { ApiServer } from "./api-server.js";
import { creationOrder, type Manifest, removalOrder } from "./manifests.js";

/** Sends every object, as many at once as there are connections; an order is kept only where the API server needs one. */
export async function applyAll(api: ApiServer, manifests: readonly Manifest[]): Promise<void> {
  for (const group of creationOrder(manifests)) {
    const objects = group.map(({ object }) => object);
    await atOnce(objects, (object) => api.apply(object));
    const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    await atOnce(definitions, (definition) => api.waitForCondition(definition, "Established"));
  }
}

/** Sends every object again as a dry run: nothing is written. */
export async function dryRunAll(api: ApiServer, manifests: readonly Manifest[]): Promise<void> {
  const objects = manifests.map(({ object }) => object);
  await atOnce(objects, (object) => api.apply(object, true));
}

/** Waits for what the program waits for too: Flux's controllers, and the platform's own sync. */
export async function waitForPlatform(api: ApiServer, manifests: readonly Manifest[]): Promise<void> {
  const objects = manifests.map(({ object }) => object);
  const deployments = objects.filter(({ kind }) => kind === "Deployment");
  const [fluxNamespace] = deployments.map(({ metadata }) => metadata.namespace);
  const syncs = objects.filter(
    ({ kind, metadata }) => kind === "Kustomization" && metadata.namespace === fluxNamespace,
  );
  await allEnded([
    atOnce(deployments, (deployment) => api.waitForCondition(deployment, "Available")),
    atOnce(syncs, (sync) => api.waitForCondition(sync, "Ready")),
  ]);
}

/** Deletes every object and waits until all are gone; an order is kept only where Flux needs one. */
export async function removeAll(api: ApiServer, manifests: readonly Manifest[]): Promise<void> {
  for (const group of removalOrder(manifests)) {
    await atOnce(group, (object) => api.remove(object));
    await atOnce(group, (object) => api.waitUntilGone(object));
  }
}

/** The connections of the API server's client are what limits how many are on their way. */
async function atOnce(
  objects: readonly KubernetesObject[],
  act: (object: KubernetesObject) => Promise<void>,
): Promise<void> {
  await allEnded(objects.map(act));
}
