import { z } from "zod";
import { shellWord } from "../../lib/process/shell-word.js";
import { anyFluxObject, notReadyReason } from "../flux-object.js";
import { suspensionOf } from "../status/suspension.js";
import { type AuditedCluster, type AuditedKind, type AuditedObject, objectsOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding } from "./finding.js";
import { mergePatch } from "./patch.js";

/** The kinds that Flux reconciles, with their words in the flux CLI. */
const reconciled = {
  Kustomization: "kustomization",
  HelmRelease: "helmrelease",
  GitRepository: "source git",
  OCIRepository: "source oci",
  HelmRepository: "source helm",
  Bucket: "source bucket",
  ImageUpdateAutomation: "image update",
} as const satisfies Partial<Record<AuditedKind, string>>;
type Reconciled = keyof typeof reconciled;

/** Suspended, failing and never-reconciled syncs and sources. */
export function judgeReadiness(cluster: AuditedCluster): AuditFinding[] {
  const kinds = Object.keys(reconciled) as readonly Reconciled[];
  return objectsOf(cluster, ...kinds).flatMap((one) => {
    return suspended(one) ?? failing(one, reconciled[one.kind as Reconciled]) ?? [];
  });
}

function suspended(one: AuditedObject): AuditFinding | undefined {
  const found = suspensionOf(one.object, false);
  if (found === undefined) return undefined;
  const detail = `suspended by ${found.by}${found.since === undefined ? "" : ` since ${found.since}`}`;
  const fix = mergePatch(one, { spec: { suspend: false } });
  return auditFinding("sync-suspended", one, { severity: "low", detail, fix });
}

const helmRepository = z.object({ type: z.string().optional() });

/** A first reconciliation, or one that goes on, is no failure: it ends as Ready or as failed. */
function failing(one: AuditedObject, words: string): AuditFinding | undefined {
  // No controller reconciles the address of an OCI registry.
  if (one.kind === "HelmRepository" && helmRepository.parse(one.object.spec ?? {}).type === "oci") return undefined;
  const { name, namespace = "" } = one.object.metadata;
  const place = `${shellWord(name)} --namespace ${shellWord(namespace)}`;
  const parsed = anyFluxObject.parse(one.object);
  const ready = parsed.status.conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) {
    const detail = "has no Ready condition yet";
    return auditFinding("sync-never-reconciled", one, {
      severity: "medium",
      detail,
      fix: `flux reconcile ${words} ${place}`,
    });
  }
  if (ready.status !== "False") return undefined;
  return auditFinding("sync-failing", one, {
    severity: "medium",
    detail: notReadyReason(parsed) ?? "Ready is False",
    fix: `flux events --for ${shellWord(`${one.kind}/${name}`)} --namespace ${shellWord(namespace)}`,
  });
}
