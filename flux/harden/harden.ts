import type { Manifest } from "../release/typed-kind.js";
import { removeAggregation } from "./aggregation.js";
import { asReleased } from "./as-released.js";
import { setConcurrency } from "./concurrency.js";
import { splitControllerRole } from "./controller-rights.js";
import { applyControllerSettings } from "./controller-settings.js";
import { setFlags } from "./flags.js";
import { pinImages } from "./images.js";
import { replaceClusterAdmin } from "./impersonation.js";
import { labelObjects } from "./labels.js";
import { limitHeap } from "./memory.js";
import { restrictNamespace } from "./namespace.js";
import { restrictNetwork } from "./network.js";
import { orderObjects } from "./order.js";
import { disablePlainHttp } from "./plain-http.js";
import { checkPodSecurity } from "./pod-security.js";
import { setPriority } from "./priority.js";
import { disableRemoteFiles } from "./remote-files.js";
import { selectControllers, selectedControllers } from "./select-controllers.js";
import { restrictRightsToSelection } from "./selected-rights.js";
import { addShards } from "./shards.js";
import { type HardenArgs, type Step, unexpectedIn } from "./step.js";
import { limitStorage } from "./storage.js";
import { removeTokenRequests } from "./token-requests.js";

/** The steps in their order, by the names of their files: the selection, single controllers, then all objects. */
const steps: Readonly<Record<string, Step>> = {
  "as-released": asReleased,
  "select-controllers": selectControllers,
  "selected-rights": restrictRightsToSelection,
  aggregation: removeAggregation,
  impersonation: replaceClusterAdmin,
  shards: addShards,
  images: pinImages,
  flags: setFlags,
  "remote-files": disableRemoteFiles,
  "plain-http": disablePlainHttp,
  "controller-settings": applyControllerSettings,
  concurrency: setConcurrency,
  memory: limitHeap,
  storage: limitStorage,
  priority: setPriority,
  "token-requests": removeTokenRequests,
  "controller-rights": splitControllerRole,
  namespace: restrictNamespace,
  network: restrictNetwork,
  "pod-security": checkPodSecurity,
  labels: labelObjects,
  order: orderObjects,
};

/**
 * Hardens a release of Flux for a cluster with many tenants: a pure function, whose result does not depend on the order
 * of the objects. Each step's file explains it; docs/flux-hardening.md lists all.
 * @param objects a whole release, verified against the lock
 * @throws FleetError when the release lacks what a step needs, or a setting is not allowed
 */
export function harden(objects: Manifest, args: HardenArgs): Manifest {
  const selected = selectedControllers(args);
  return Object.entries(steps).reduce(
    (current, [name, step]) =>
      step(current, { ...args, selected, unexpected: unexpectedIn(name, args.settings.version) }),
    objects,
  );
}
