import { z } from "zod";
import { type AuditedCluster, type AuditedObject, auditedKinds, objectsOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding } from "./finding.js";

/** A deprecated version of a group: its successor, and the kinds that it holds for. */
interface Deprecated {
  readonly version: string;
  readonly successor: string;
  /** @default - all kinds of the group */
  readonly kinds?: readonly string[];
}

const older = (successor: string, ...versions: readonly string[]): Deprecated[] => {
  return versions.map((version) => ({ version, successor }));
};

/**
 * Deprecated versions by group.
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 * @see https://fluxcd.io/flux/releases/procedure/ and the definitions of Flux 2.9, which serve the successors alone
 */
const deprecated: Readonly<Record<string, readonly Deprecated[]>> = {
  "kustomize.toolkit.fluxcd.io": older("v1", "v1beta1", "v1beta2"),
  "helm.toolkit.fluxcd.io": older("v2", "v2beta1", "v2beta2"),
  "source.toolkit.fluxcd.io": older("v1", "v1beta1", "v1beta2"),
  "image.toolkit.fluxcd.io": older("v1", "v1alpha1", "v1alpha2", "v1beta1", "v1beta2"),
  "notification.toolkit.fluxcd.io": [
    ...["v1beta1", "v1beta2"].map((version) => ({ version, successor: "v1beta3", kinds: ["Alert", "Provider"] })),
    ...["v1beta1", "v1beta2"].map((version) => ({ version, successor: "v1", kinds: ["Receiver"] })),
  ],
  apps: older("v1", "v1beta1", "v1beta2"),
  autoscaling: older("v2", "v2beta1", "v2beta2"),
  batch: older("v1", "v1beta1", "v2alpha1"),
  policy: older("v1", "v1beta1"),
  "rbac.authorization.k8s.io": older("v1", "v1alpha1", "v1beta1"),
  "flowcontrol.apiserver.k8s.io": older("v1", "v1beta1", "v1beta2", "v1beta3"),
  "apiextensions.k8s.io": older("v1", "v1beta1"),
  extensions: [
    { version: "v1beta1", successor: "apps/v1", kinds: ["Deployment", "DaemonSet", "ReplicaSet"] },
    { version: "v1beta1", successor: "networking.k8s.io/v1", kinds: ["Ingress", "NetworkPolicy"] },
  ],
  "networking.k8s.io": [{ version: "v1beta1", successor: "v1", kinds: ["Ingress", "IngressClass"] }],
};

/** The `apiVersion` that succeeds a deprecated one. Undefined for one that is not deprecated. */
export function successorOf(group: string, version: string, kind: string): string | undefined {
  const found = (Object.hasOwn(deprecated, group) ? (deprecated[group] ?? []) : []).find((one) => {
    return one.version === version && (one.kinds?.includes(kind) ?? true);
  });
  if (found === undefined) return undefined;
  return found.successor.includes("/") ? found.successor : `${group}/${found.successor}`;
}

/** Deprecated versions by which clients write objects, and in which syncs apply them. */
export function judgeApiVersions(cluster: AuditedCluster): AuditFinding[] {
  return [
    ...objectsOf(cluster, ...auditedKinds).flatMap(writtenVersions),
    ...objectsOf(cluster, "Kustomization").flatMap(appliedVersions),
  ];
}

/** The server keeps an object in one version. The clients that own its fields tell by which versions they write. */
function writtenVersions(one: AuditedObject): AuditFinding[] {
  const writers = new Map<string, string>();
  for (const { manager, apiVersion = "", subresource } of one.object.metadata.managedFields) {
    const [group = "", version = ""] = apiVersion.split("/");
    const successor = successorOf(group, version, one.kind);
    if (subresource === "status" || successor === undefined) continue;
    writers.set(`${manager} writes it as ${apiVersion}`, `apiVersion: ${successor}\nkind: ${one.kind}`);
  }
  return [...writers].map(([detail, fix]) => auditFinding("api-deprecated", one, { severity: "low", detail, fix }));
}

const inventory = z.object({
  status: z
    .object({ inventory: z.object({ entries: z.array(z.object({ id: z.string(), v: z.string() })) }).optional() })
    .optional(),
});

/** The inventory of a Kustomization: `NAMESPACE_NAME_GROUP_KIND`, and the version of the manifest. */
function appliedVersions(one: AuditedObject): AuditFinding[] {
  const found = new Map<string, string>();
  for (const { id, v: version } of inventory.parse(one.object).status?.inventory?.entries ?? []) {
    const [, group, kind] = /_([^_]*)_([^_]+)$/.exec(id) ?? [];
    const successor = group && kind && successorOf(group, version, kind);
    if (!successor) continue;
    found.set(`applies ${kind} as ${group}/${version}`, `apiVersion: ${successor}\nkind: ${kind}`);
  }
  return [...found].map(([detail, fix]) => auditFinding("api-deprecated", one, { severity: "medium", detail, fix }));
}
