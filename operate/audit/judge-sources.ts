import { z } from "zod";
import { type AuditedCluster, type AuditedObject, objectsOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding } from "./finding.js";
import { mergePatch } from "./patch.js";

const source = z.object({
  url: z.string().default(""),
  endpoint: z.string().default(""),
  insecure: z.boolean().default(false),
  verify: z.unknown().optional(),
});

/** Sources without encryption, and sources of which nothing proves the author. */
export function judgeSources(cluster: AuditedCluster): AuditFinding[] {
  const sources = objectsOf(cluster, "GitRepository", "OCIRepository", "HelmRepository", "Bucket");
  return sources.flatMap((one) => [...insecure(one), ...unverified(one)]);
}

function insecure(one: AuditedObject): AuditFinding[] {
  const { url, endpoint, insecure: isInsecure } = source.parse(one.object.spec ?? {});
  const address = withoutPassword(url || endpoint);
  if (/^http:/i.test(url)) {
    const fix = mergePatch(one, { spec: { url: address.replace(/^http:/i, "https:") } });
    return [auditFinding("source-insecure", one, { severity: "high", detail: `reads ${address}`, fix })];
  }
  if (!isInsecure) return [];
  const fix = mergePatch(one, { spec: { insecure: false } });
  return [
    auditFinding("source-insecure", one, { severity: "high", detail: `reads ${address} with insecure: true`, fix }),
  ];
}

/** Flux verifies commits and OCI artifacts. It can verify no index of charts, and no bucket. */
function unverified(one: AuditedObject): AuditFinding[] {
  const { url, verify } = source.parse(one.object.spec ?? {});
  if (verify !== undefined || !["GitRepository", "OCIRepository"].includes(one.kind)) return [];
  const secretRef = { name: "signing-keys" };
  const wanted = one.kind === "GitRepository" ? { mode: "HEAD", secretRef } : { provider: "cosign", secretRef };
  const detail = `verifies no signature of ${withoutPassword(url)}`;
  const fix = mergePatch(one, { spec: { verify: wanted } });
  return [auditFinding("source-unverified", one, { severity: "low", detail, fix })];
}

/** An address without the password that it may contain. */
export function withoutPassword(url: string): string {
  return url.replace(/^([^/]*\/\/[^/@:]*):[^/]*@/, "$1:***@");
}
