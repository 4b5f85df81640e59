import assert from "node:assert/strict";
import { parse } from "yaml";
import { completeTenant, type TenantSpec, tenantSections } from "../../../config/tenant/schema.js";
import { mergeOverlay, type PlainObject } from "../../../lib/data/merge.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import type { AuditedCluster } from "../../../operate/audit/audited-cluster.js";
import { observeTenants } from "../../../operate/retrofit/files/observed-tenants.js";
import { type ImportedTenant, importTenant } from "../../../operate/retrofit/files/tenant-files.js";
import { installedCluster, liveObject, readyLive, withObjects } from "./audited-cluster.js";

const place = { owner: "acme", host: "github.com" };
/** The label of a namespace that enforces Pod Security. */
export const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };

/** Fields of a tenant's objects beside the usual ones. */
export interface Parts {
  readonly spec?: object;
  readonly source?: object;
  readonly labels?: Readonly<Record<string, string>>;
  readonly status?: object;
}

/** A namespace with a sync of its own name, from a repository of that name. */
export function tenantIn(
  namespace: string,
  { spec, source, labels, status }: Parts = {},
  name = namespace,
): AuditedCluster {
  const url = `https://github.com/acme/${name}.git`;
  const sync = readyLive(namespace, name, {
    sourceRef: { kind: "GitRepository", name },
    path: "./deploy",
    interval: "5m",
    prune: true,
    ...spec,
  });
  return {
    Namespace: [liveObject({ name: namespace, labels: { ...restricted, ...labels } })],
    GitRepository: [readyLive(namespace, name, { url, ref: { branch: "main" }, ...source })],
    Kustomization: [{ ...sync, ...(status && { status }) }],
  };
}

/** The tenants that a cluster is imported as, by the stack `staging`. */
export function imported(cluster: AuditedCluster, quotas: readonly LiveObject[] = []) {
  const audited = withObjects(installedCluster(), cluster);
  const { tenants, notExpressed } = observeTenants(audited, place);
  return { tenants: tenants.map((one) => importTenant(one, { audited, quotas }, "staging")), notExpressed };
}

/** The only tenant of a cluster. */
export function only(cluster: AuditedCluster, quotas: readonly LiveObject[] = []): ImportedTenant {
  const { tenants } = imported(cluster, quotas);
  assert.equal(tenants.length, 1);
  return tenants[0] ?? assert.fail();
}

/** The tenant that files stand for, by the schema of the loader. */
export function loaded({ files }: ImportedTenant): TenantSpec {
  const [base, overlay] = Object.values(files).map((text) => parse(text) as PlainObject);
  return completeTenant("staging", tenantSections.parse(mergeOverlay(base ?? {}, overlay ?? {})));
}
