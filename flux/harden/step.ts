import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { FluxController } from "../release/controllers.js";
import type { LockEntry } from "../release/lock.js";

/** The inputs of a step beside the objects. */
export interface HardenContext {
  /** The stack's own settings of Flux. */
  readonly settings: FleetSpec["flux"];
  /** The version's entry in flux.lock.json. */
  readonly lock: LockEntry;
  /** Name of the stack, for labels. */
  readonly stack: string;
  /** The controllers that are installed. */
  readonly selected: readonly FluxController[];
}

/**
 * One step of the hardening: a pure function from objects to objects.
 *
 * A step finds what it changes by content (this controller, this rule) and never by position. It throws an {@link
 * unexpectedManifest} error when that is missing, so that an upgrade which moves something fails and is not applied
 * without hardening.
 */
export type Step = (objects: readonly KubernetesObject[], context: HardenContext) => readonly KubernetesObject[];

/**
 * The error for a manifest that a step cannot harden.
 *
 * @param step name of the step, which is the name of its file
 * @param where the object, or the kind of object
 * @param message the expectation and the actual content
 */
export function unexpectedManifest(context: HardenContext, step: string, where: string, message: string): FleetError {
  return new FleetError([
    {
      file: `manifest of Flux ${context.settings.version}`,
      path: where,
      message: `hardening step ${step}: ${message}`,
      fix: `Nothing was applied. This version is shaped in a way that the hardening does not know: adapt flux/harden/${step}.ts to it, or pin another version`,
    },
  ]);
}

/**
 * The error for a setting of the stack that the hardening refuses.
 *
 * @param path the setting: `controllers.helm-controller.args`
 */
export function invalidSetting(context: HardenContext, path: string, message: string, fix: string): FleetError {
  return new FleetError([{ file: `Pulumi.${context.stack}.yaml`, path: `fleet:${path}`, message, fix }]);
}
