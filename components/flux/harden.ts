import type { FleetSpec } from "../../stacks/schema.js";
import type { KubernetesObject } from "../kubernetes-object.js";
import { stopAggregation } from "./harden/aggregation.js";
import { asReleased } from "./harden/as-released.js";
import { splitRights } from "./harden/controller-rights.js";
import { applyControllerSettings } from "./harden/controller-settings.js";
import { setFlags } from "./harden/flags.js";
import { pinImages } from "./harden/images.js";
import { replaceClusterAdmin } from "./harden/impersonation.js";
import { labelObjects } from "./harden/labels.js";
import { restrictNamespace } from "./harden/namespace.js";
import { restrictNetwork } from "./harden/network.js";
import { orderObjects } from "./harden/order.js";
import { stopPlainHttp } from "./harden/plain-http.js";
import { checkPods } from "./harden/pod-security.js";
import { closeRemoteFiles } from "./harden/remote-files.js";
import { selectControllers, selectedControllers } from "./harden/select-controllers.js";
import { selectRights } from "./harden/selected-rights.js";
import type { Step } from "./harden/step.js";
import { boundStorage } from "./harden/storage.js";
import { stopTokenRequests } from "./harden/token-requests.js";
import { employWorkers } from "./harden/workers.js";
import type { LockEntry } from "./lock.js";

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
  selectRights,
  stopAggregation,
  replaceClusterAdmin,
  pinImages,
  setFlags,
  closeRemoteFiles,
  stopPlainHttp,
  applyControllerSettings,
  employWorkers,
  boundStorage,
  stopTokenRequests,
  splitRights,
  restrictNamespace,
  restrictNetwork,
  checkPods,
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
