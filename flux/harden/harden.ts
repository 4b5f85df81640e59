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

/** What the hardening depends on beside the release itself. */
export interface HardenArgs {
  /** The stack's settings of Flux. */
  readonly settings: FleetSpec["flux"];
  /** What is pinned of this version: images and their digests. */
  readonly lock: LockEntry;
  /** Name of the stack, which every object is labelled with. */
  readonly stack: string;
}

/** In this order: what is left out first, then what single controllers need, then what holds for everything. */
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
 * A release of Flux as it is safe for a cluster with many tenants: objects in, objects out, nothing else.
 *
 * The result depends on what the objects say and not on their order. Hardening twice is refused, because each step
 * demands to find what it changes. What each step does and why stands in its file; docs/flux-hardening.md has the list.
 * @param objects a whole release, verified against the lock
 * @throws FleetError when the release lacks what a step needs, or the settings ask for what cannot be
 */
export function harden(objects: readonly KubernetesObject[], args: HardenArgs): readonly KubernetesObject[] {
  const context = { ...args, selected: selectedControllers(args) };
  return steps.reduce((current, step) => step(current, context), objects);
}
