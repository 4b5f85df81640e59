import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Metadata, object } from "./object.js";
import { gitSource } from "./sources.js";

/** A Provider. */
export function provider(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("Provider", metadata, { spec: { type: "generic", ...spec } });
}

/** An Alert about events of some objects. */
export function alert(metadata: Metadata, eventSources: readonly Fields[], spec: Fields = {}): KubernetesObject {
  return object("Alert", metadata, { spec: { providerRef: { name: "mine" }, eventSources, ...spec } });
}

/** A Receiver, of GitHub's pushes. */
export function receiver(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("Receiver", metadata, {
    spec: { type: "github", secretRef: { name: "mine" }, resources: [gitSource()], ...spec },
  });
}
