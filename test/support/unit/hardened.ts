import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { harden } from "../../../flux/harden/harden.js";
import { deployments } from "../../../flux/release/deployment.js";
import { type KubernetesObject, objectName } from "../../../lib/kubernetes/object.js";
import { fluxManifest, lockOf } from "./flux-manifest.js";
import { fleetSpec } from "./spec.js";

/** A stack's settings of Flux. */
export type Settings = FleetSpec["flux"];

/** Version of the made-up release. */
export const version = "v9.9.9";

/** The made-up release, or `objects`, hardened for the stack `staging` with these settings beside the defaults. */
export function hardened(settings: Partial<Settings> = {}, objects = fluxManifest()): readonly KubernetesObject[] {
  return harden(objects, {
    settings: { ...fleetSpec().flux, version, ...settings },
    lock: lockOf(),
    stack: "staging",
  });
}

/** The object called `Kind name`. */
export function find(objects: readonly KubernetesObject[], name: string): KubernetesObject {
  const found = objects.find(({ kind, metadata }) => `${kind} ${metadata.name}` === name);
  assert.ok(found, `${name} among ${objects.map(objectName).join(", ")}`);
  return found;
}

/** The arguments and variables of a controller. */
export function argsOf(objects: readonly KubernetesObject[], controller: string): readonly string[] {
  const [manager] = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.containers;
  return manager?.args ?? [];
}

/** Path of a controller's container in its Deployment. */
export const container = "spec.template.spec.containers.0";
/** Every extra controller. */
export const everything = { extraComponents: ["image-reflector-controller", "image-automation-controller"] } as const;

/** Every controller, when all extra ones are installed. */
export const all = ["source", "kustomize", "helm", "notification", "image-reflector", "image-automation"].map(
  (name) => `${name}-controller`,
);
