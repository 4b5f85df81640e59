import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Metadata, object } from "./object.js";
import { gitSource } from "./sources.js";

/** The interval and the account of every sync. */
const common = { interval: "1m", serviceAccountName: "reconciler" };

/** A Kustomization. */
export function kustomization(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("Kustomization", metadata, { spec: { ...common, prune: true, sourceRef: gitSource(), ...spec } });
}

/** The chart of a HelmRelease, in a GitRepository. */
export function chartTemplate(spec: Fields = {}) {
  return { spec: { chart: "./chart", sourceRef: gitSource(), ...spec } };
}

/** A HelmRelease. */
export function helmRelease(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("HelmRelease", metadata, { spec: { ...common, chart: chartTemplate(), ...spec } });
}
