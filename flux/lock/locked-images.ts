import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { LockEntry } from "../release/lock.js";
import { lockEntry } from "../release/lock-entry.js";
import type { TaggedImage } from "./registry/image-digest.js";

/**
 * The images that an entry of these objects names, by controller.
 *
 * They are those of the entry itself, so that no other image is requested.
 * @throws FleetError when a Deployment's image is not of the form name:version
 */
export function imagesOf(objects: readonly KubernetesObject[], source: string): Readonly<Record<string, TaggedImage>> {
  return draftEntry(objects, source, {}).controllers;
}

/** The entry of these objects with the `known` digests; the others are empty. */
export function draftEntry(
  objects: readonly KubernetesObject[],
  source: string,
  known: Readonly<Record<string, string>>,
): LockEntry {
  const deployments = objects.filter(({ kind }) => kind === "Deployment").map(({ metadata }) => metadata.name);
  const imageDigests = Object.fromEntries(deployments.map((name) => [name, known[name] ?? ""]));
  return lockEntry({ source, objects, imageDigests });
}
