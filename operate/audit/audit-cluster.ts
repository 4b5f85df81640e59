import type { AuditedCluster } from "./audited-cluster.js";
import { denyingPolicies, withDenyingPolicies } from "./denying-policies.js";
import { type AuditFinding, sortAudit } from "./finding.js";
import { fluxControllers } from "./flux-controllers.js";
import { allGrants } from "./grants.js";
import { judgeApiVersions } from "./judge-api-versions.js";
import { judgeBindings } from "./judge-bindings.js";
import { judgeControllers } from "./judge-controllers.js";
import { judgeEscalations } from "./judge-escalations.js";
import { judgeImages } from "./judge-images.js";
import { judgeOwners } from "./judge-owners.js";
import { judgeReadiness } from "./judge-readiness.js";
import { judgeReferences } from "./judge-references.js";
import { judgeSources } from "./judge-sources.js";
import { judgeSyncAccounts } from "./judge-sync-accounts.js";
import { auditedSyncs } from "./syncs.js";

/** The result of an audit. */
export interface Audit {
  /** Number of Flux's controllers that were found. */
  readonly controllers: number;
  /** The worst first. */
  readonly findings: readonly AuditFinding[];
}

/** Judges a cluster that runs Flux, by its objects alone. */
export function auditCluster(cluster: AuditedCluster): Audit {
  const controllers = fluxControllers(cluster);
  const syncs = auditedSyncs(cluster, controllers);
  const grants = allGrants(cluster);
  const policies = denyingPolicies(cluster);
  const findings = [
    ...judgeControllers(controllers),
    ...judgeSyncAccounts(syncs),
    ...judgeReferences(cluster, controllers),
    ...judgeSources(cluster),
    ...judgeImages(cluster, controllers),
    ...judgeBindings(grants, controllers),
    ...judgeEscalations(grants, controllers, syncs).map((one) => withDenyingPolicies(one, policies)),
    ...judgeOwners(cluster),
    ...judgeReadiness(cluster),
    ...judgeApiVersions(cluster),
  ];
  return { controllers: controllers.length, findings: sortAudit(findings) };
}
