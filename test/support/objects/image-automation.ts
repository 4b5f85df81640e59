import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Metadata, object } from "./object.js";
import { gitSource } from "./sources.js";

/** An ImageRepository: a scan of an image's tags. */
export function imageRepository(metadata: Metadata, image: string, spec: Fields = {}): KubernetesObject {
  return object("ImageRepository", metadata, { spec: { interval: "1m", image, ...spec } });
}

/** An ImagePolicy. */
export function imagePolicy(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("ImagePolicy", metadata, {
    spec: { imageRepositoryRef: { name: "mine" }, policy: { semver: { range: "1.x" } }, ...spec },
  });
}

/** An ImageUpdateAutomation. @param git beside the author of its commits */
export function imageUpdates(metadata: Metadata, git: Fields = {}, spec: Fields = {}): KubernetesObject {
  return object("ImageUpdateAutomation", metadata, {
    spec: {
      interval: "1m",
      sourceRef: gitSource(),
      git: { commit: { author: { email: "flux@example.com" } }, ...git },
      update: { strategy: "Setters", path: "./deploy" },
      ...spec,
    },
  });
}

/** The branch that image updates start from, and the one that they are pushed to. */
export function branches(checkout: string, push: string) {
  return { checkout: { ref: { branch: checkout } }, push: { branch: push } };
}
