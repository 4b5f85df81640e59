import { addonRightsCases } from "./cases/addon-rights.js";
import { admissionDeniesCases } from "./cases/admission-denies.js";
import { controllerRightsCases } from "./cases/controller-rights.js";
import { fluxAccountsCases } from "./cases/flux-accounts.js";
import { foreignAddressesCases } from "./cases/foreign-addresses.js";
import { foreignHostsCases } from "./cases/foreign-hosts.js";
import { guardedNamespacesCases } from "./cases/guarded-namespaces.js";
import { noClusterAdminCases } from "./cases/no-cluster-admin.js";
import { pinnedChartsCases } from "./cases/pinned-charts.js";
import { pinnedImagesCases } from "./cases/pinned-images.js";
import { pinnedSourcesCases } from "./cases/pinned-sources.js";
import { podSecurityKeptCases } from "./cases/pod-security-kept.js";
import { podSecurityRestrictedCases } from "./cases/pod-security-restricted.js";
import { privateRepositoriesCases } from "./cases/private-repositories.js";
import { readOnlyKeysCases } from "./cases/read-only-keys.js";
import { repositoryProtectionCases } from "./cases/repository-protection.js";
import type { RuleCases } from "./cases/rule-case.js";
import { signedSourcesCases } from "./cases/signed-sources.js";
import { tenantDataCases } from "./cases/tenant-data.js";

/** The cases of each rule, by its name. */
export const ruleCases: Readonly<Record<string, RuleCases>> = {
  "no-cluster-admin": noClusterAdminCases,
  "controller-rights": controllerRightsCases,
  "admission-denies": admissionDeniesCases,
  "addon-rights": addonRightsCases,
  "guarded-namespaces": guardedNamespacesCases,
  "pod-security-kept": podSecurityKeptCases,
  "pod-security-restricted": podSecurityRestrictedCases,
  "flux-accounts": fluxAccountsCases,
  "foreign-hosts": foreignHostsCases,
  "foreign-addresses": foreignAddressesCases,
  "pinned-images": pinnedImagesCases,
  "pinned-sources": pinnedSourcesCases,
  "pinned-charts": pinnedChartsCases,
  "read-only-keys": readOnlyKeysCases,
  "private-repositories": privateRepositoriesCases,
  "repository-protection": repositoryProtectionCases,
  "signed-sources": signedSourcesCases,
  "tenant-data": tenantDataCases,
};
