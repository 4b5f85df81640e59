import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Kind, type Metadata, object } from "./object.js";

/** A reference to a GitRepository. */
export function gitSource(name = "mine") {
  return { kind: "GitRepository", name };
}

/** A source with a URL. */
function source(kind: Kind) {
  return (metadata: Metadata, url: string, spec: Fields = {}): KubernetesObject =>
    object(kind, metadata, { spec: { interval: "1m", url, ...spec } });
}

/** A GitRepository. */
export const gitRepository = source("GitRepository");
/** An OCIRepository. */
export const ociRepository = source("OCIRepository");
/** A HelmRepository. */
export const helmRepository = source("HelmRepository");

/** A Bucket. */
export function bucket(metadata: Metadata, endpoint: string, spec: Fields = {}): KubernetesObject {
  return object("Bucket", metadata, { spec: { interval: "1m", bucketName: "mine", endpoint, ...spec } });
}

/** A HelmChart in a GitRepository. */
export function helmChart(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("HelmChart", metadata, {
    spec: { interval: "1m", chart: "./chart", sourceRef: gitSource(), ...spec },
  });
}
