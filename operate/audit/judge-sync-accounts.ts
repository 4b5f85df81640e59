import { type AuditFinding, auditFinding, type Severity } from "./finding.js";
import { mergePatch } from "./patch.js";
import type { AuditedSync } from "./syncs.js";

/** The account in fixes. A tenant's syncs apply as `reconciler` in a fleet, too. */
const suggested = "reconciler";

/** Syncs that name no service account. Those that apply to another cluster have the rights of their kubeconfig there. */
export function judgeSyncAccounts(syncs: readonly AuditedSync[]): AuditFinding[] {
  return syncs.flatMap((sync) => {
    if (sync.named !== undefined || sync.isRemote) return [];
    const detail =
      sync.applier === undefined
        ? `names no service account, so ${sync.controller} applies with its own rights`
        : `names no service account, so a flag of ${sync.controller} has it apply as ${sync.applier}`;
    const fix = accountPatch(sync);
    return [auditFinding("sync-without-account", sync, { severity: severityOf(sync), detail, fix })];
  });
}

/** A command that has a sync apply with an account of its namespace. */
export function accountPatch(sync: AuditedSync): string {
  return mergePatch(sync, { spec: { serviceAccountName: suggested } });
}

function severityOf({ applier, isPlatform }: AuditedSync): Severity {
  if (applier !== undefined) return "low";
  return isPlatform ? "medium" : "high";
}
