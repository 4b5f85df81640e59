import type { FleetSpec } from "../../config/fleet-spec.js";
import { type FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import type { FluxController } from "../release/controllers.js";
import type { LockEntry } from "../release/lock.js";
import type { Manifest } from "../release/typed-kind.js";

/** The inputs of the hardening beside the release itself. */
export interface HardenArgs {
  /** The stack's settings of Flux. */
  readonly settings: FleetSpec["flux"];
  /** The version's entry in flux.lock.json: images and their digests. */
  readonly lock: LockEntry;
  /** Name of the stack, a label of every object. */
  readonly stack: string;
}

/** The inputs of a step beside the objects. */
export interface HardenContext extends HardenArgs {
  /** The controllers that are installed. */
  readonly selected: readonly FluxController[];
  /** The error for a manifest that the step cannot harden: the object or its kind, the expectation and the content. */
  readonly unexpected: (where: KubernetesObject | string, message: string) => FleetError;
}

/**
 * One step of the hardening, a pure function. It finds what it changes by content (this controller, this rule) and never
 * by position. It throws an `unexpected` error when that is missing, so that no upgrade is applied without hardening.
 */
export type Step = (objects: Manifest, context: HardenContext) => Manifest;

/** {@link HardenContext.unexpected} of a step, whose name is that of its file. */
export function unexpectedIn(step: string, version: string): HardenContext["unexpected"] {
  const file = `manifest of Flux ${version}`;
  const fix = `Nothing was applied. The hardening does not support this version: change flux/harden/${step}.ts, or pin another version`;
  return (where, message) => {
    const path = typeof where === "string" ? where : objectName(where);
    return fleetError(file, path, `hardening step ${step}: ${message}`, fix);
  };
}

/** The error for a setting of the stack, such as `controllers.helm-controller.args`, that the hardening refuses. */
export function invalidSetting(stack: string, path: string, message: string, fix: string): FleetError {
  return fleetError(`Pulumi.${stack}.yaml`, `fleet:${path}`, message, fix);
}
