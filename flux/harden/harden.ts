import type { FleetSpec } from "../../config/fleet-spec.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { LockEntry } from "../release/lock.js";
import { removeAggregation } from "./aggregation.js";
import { asReleased } from "./as-released.js";
import { setConcurrency } from "./concurrency.js";
import { splitControllerRole } from "./controller-rights.js";
import { applyControllerSettings } from "./controller-settings.js";
import { setFlags } from "./flags.js";
import { pinImages } from "./images.js";
import { replaceClusterAdmin } from "./impersonation.js";
import { labelObjects } from "./labels.js";
import { restrictNamespace } from "./namespace.js";
import { restrictNetwork } from "./network.js";
import { orderObjects } from "./order.js";
import { disablePlainHttp } from "./plain-http.js";
import { checkPodSecurity } from "./pod-security.js";
import { disableRemoteFiles } from "./remote-files.js";
import { selectControllers, selectedControllers } from "./select-controllers.js";
import { restrictRightsToSelection } from "./selected-rights.js";
import type { Step } from "./step.js";
import { limitStorage } from "./storage.js";
import { removeTokenRequests } from "./token-requests.js";

/** The inputs of the hardening beside the release itself. */
export interface HardenArgs {
  /** The stack's settings of Flux. */
  readonly settings: FleetSpec["flux"];
  /** The version's entry in flux.lock.json: images and their digests. */
  readonly lock: LockEntry;
  /** Name of the stack, a label of every object. */
  readonly stack: string;
}

/** The steps in their order: first the selection, then single controllers, then all objects. */
const steps: readonly Step[] = [
  asReleased,
  selectControllers,
  restrictRightsToSelection,
  removeAggregation,
  replaceClusterAdmin,
  pinImages,
  setFlags,
  disableRemoteFiles,
  disablePlainHttp,
  applyControllerSettings,
  setConcurrency,
  limitStorage,
  removeTokenRequests,
  splitControllerRole,
  restrictNamespace,
  restrictNetwork,
  checkPodSecurity,
  labelObjects,
  orderObjects,
];

/**
 * Hardens a release of Flux for a cluster with many tenants: a pure function from objects to objects.
 *
 * The result depends on the content of the objects and not on their order. A second pass is refused, because each step
 * throws when it cannot find what it changes. Each step's file explains it; docs/flux-hardening.md lists all.
 * @param objects a whole release, verified against the lock
 * @throws FleetError when the release lacks what a step needs, or a setting is not allowed
 */
export function harden(objects: readonly KubernetesObject[], args: HardenArgs): readonly KubernetesObject[] {
  const context = { ...args, selected: selectedControllers(args) };
  return steps.reduce((current, step) => step(current, context), objects);
}
