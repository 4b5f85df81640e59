import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { FluxController } from "../release/controllers.js";
import type { LockEntry } from "../release/lock.js";

/** What a step may know beside the objects. */
export interface HardenContext {
  /** The stack's own settings of Flux. */
  readonly settings: FleetSpec["flux"];
  /** What is pinned of this version. */
  readonly lock: LockEntry;
  /** Name of the stack, for labels. */
  readonly stack: string;
  /** The controllers that are installed. */
  readonly selected: readonly FluxController[];
}

/**
 * One thing that the hardening does: objects in, objects out, nothing else.
 *
 * A step finds what it changes by content (this controller, this rule) and never by position, and throws a FleetError
 * by {@link unexpectedManifest} when that is not there: an upgrade that moves something must stop here and not pass unhardened.
 */
export type Step = (objects: readonly KubernetesObject[], context: HardenContext) => readonly KubernetesObject[];

/**
 * The manifest is not as a step needs it.
 *
 * @param step name of the step, which is the name of its file
 * @param where the object, or the kind of object, that is concerned
 * @param message what was expected of it and what is there
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
 * The stack asks for something that the hardening refuses.
 *
 * @param path the setting, as in `controllers.helm-controller.args`
 */
export function invalidSetting(context: HardenContext, path: string, message: string, fix: string): FleetError {
  return new FleetError([{ file: `Pulumi.${context.stack}.yaml`, path: `fleet:${path}`, message, fix }]);
}
