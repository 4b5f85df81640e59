import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import {
  type AuditedCluster,
  type AuditedKind,
  auditedKinds,
  auditedTypes,
} from "../../operate/audit/audited-cluster.js";
import type { Sender } from "../cluster/api-client.js";
import { type Listing, readList } from "../cluster/read-list.js";

/** The objects of a cluster that an audit judges, and why some could not be read. */
export interface ReadAudit {
  readonly cluster: AuditedCluster;
  readonly problems: readonly string[];
}

/** Reads a cluster: one list for each kind, whatever the number of tenants, and one for each older version of a kind. */
export async function readAuditedCluster(client: Sender): Promise<ReadAudit> {
  const cluster: Partial<Record<AuditedKind, readonly LiveObject[]>> = {};
  const problems = new Set<string>();
  const read = auditedKinds.map(async (kind) => {
    const found = await readKind(client, kind);
    if ("problem" in found) problems.add(found.problem);
    else if (!("isUnknown" in found)) cluster[kind] = found.items;
  });
  await Promise.all(read);
  return { cluster, problems: [...problems].sort() };
}

/** A release of Flux serves a kind in one version at least. The newest one that the cluster knows is read. */
async function readKind(client: Sender, kind: AuditedKind): Promise<Listing> {
  const { group, versions, metadataOnly } = auditedTypes[kind];
  let found: Listing = { items: [], isUnknown: true };
  for (const version of versions) {
    found = await readList(client, { group, version, kind, ...definedOnly({ metadataOnly }) });
    if (!("isUnknown" in found)) break;
  }
  return found;
}
