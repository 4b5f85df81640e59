import { accounts } from "./accounts.js";
import { builds } from "./builds.js";
import { certificates } from "./certificates.js";
import { charts } from "./charts.js";
import { clusterWorkloads } from "./cluster-workloads.js";
import { allDigests, digests } from "./digests.js";
import { files } from "./files.js";
import { hardening } from "./hardening.js";
import { images } from "./images.js";
import { order } from "./order.js";
import { ownedObjects } from "./owned-objects.js";
import type { PlatformRule } from "./platform-rule.js";
import { references } from "./references.js";
import { roles } from "./roles.js";
import { schemas } from "./schemas.js";
import { sources } from "./sources.js";
import { tenantNamespaces } from "./tenant-namespaces.js";

/** All rules on the objects of `fleet/`, in the order of reports. */
export const platformRules: readonly PlatformRule[] = [
  files,
  builds,
  schemas,
  accounts,
  references,
  tenantNamespaces,
  ownedObjects,
  clusterWorkloads,
  order,
  charts,
  digests,
  allDigests,
  sources,
  images,
  roles,
  hardening,
  certificates,
];
