import { addonRights } from "./addon-rights.js";
import { admissionDenies } from "./admission-denies.js";
import { noClusterAdmin } from "./cluster-admin.js";
import { controllerRights } from "./controller-rights.js";
import { fluxAccounts } from "./flux-accounts.js";
import { foreignAddresses } from "./foreign-addresses.js";
import { foreignHosts } from "./foreign-hosts.js";
import { guardedNamespaces } from "./guarded-namespaces.js";
import { pinnedCharts } from "./pinned-charts.js";
import { pinnedImages } from "./pinned-images.js";
import { pinnedSources } from "./pinned-sources.js";
import { podSecurityKept, podSecurityRestricted } from "./pod-security.js";
import { privateRepositories } from "./private-repositories.js";
import { readOnlyKeys } from "./read-only-keys.js";
import { repositoryProtection } from "./repository-protection.js";
import type { Rule } from "./rule.js";
import { signedSources } from "./signed-sources.js";
import { tenantData } from "./tenant-data.js";

/** All rules, in the order of reports: isolation on the cluster, then GitHub, then what is lost. */
export const rules: readonly Rule[] = [
  noClusterAdmin,
  controllerRights,
  admissionDenies,
  addonRights,
  guardedNamespaces,
  podSecurityKept,
  podSecurityRestricted,
  fluxAccounts,
  foreignHosts,
  foreignAddresses,
  pinnedImages,
  pinnedSources,
  pinnedCharts,
  readOnlyKeys,
  privateRepositories,
  repositoryProtection,
  signedSources,
  tenantData,
];
