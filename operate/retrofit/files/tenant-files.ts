import { Document } from "yaml";
import { POD_SECURITY_LEVELS } from "../../../config/tenant/namespaces/schema.js";
import { groupBy } from "../../../lib/data/group-by.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import { type AuditedCluster, objectsOf } from "../../audit/audited-cluster.js";
import { schemaLine } from "../../tenant/new-files.js";
import { appliedObjects } from "./live-sync.js";
import {
  FLUX_TENANT_LABEL,
  type ObservedSync,
  type ObservedTenant,
  repositoriesOf,
  syncText,
} from "./observed-tenants.js";
import { quotaLimits } from "./quota-limits.js";
import { syncFields } from "./sync-fields.js";
import { accessOf } from "./viewers.js";

/** The objects that tenant files are written from. */
export interface ImportedCluster {
  readonly audited: AuditedCluster;
  readonly quotas: readonly LiveObject[];
}

/** The files of one tenant. */
export interface ImportedTenant {
  readonly name: string;
  /** Texts by path: the base file, and the overlay of the stack. */
  readonly files: Readonly<Record<string, string>>;
  /** Sentences about all that the cluster has and the files do not. */
  readonly leftOut: readonly string[];
}

/** The files of a tenant, as a cluster shows it. @param stack of the cluster */
export function importTenant(tenant: ObservedTenant, cluster: ImportedCluster, stack: string): ImportedTenant {
  const { name, namespaces, primary } = tenant;
  const [main = ""] = namespaces;
  const names = repositoryNames(tenant);
  const access = accessOf(inNamespaces(objectsOf(cluster.audited, "RoleBinding"), namespaces));
  const quotas = groupBy(cluster.quotas, ({ metadata }) => metadata.namespace ?? "");
  const limits = namespaces.map((one) => ({ namespace: one, ...quotaLimits(quotas.get(one) ?? []) }));
  const syncs = [primary, ...tenant.additional].map((one) => ({ one, ...fieldsOf(one, tenant) }));
  const level = podSecurityOf(cluster.audited, main);
  const base = {
    name,
    repository: { ...(names[0] === name ? {} : { name: names[0] }), existing: true },
    ...section("repositories", Object.fromEntries(names.slice(1).map((one) => [one, { existing: true }]))),
    ...section("namespace", main === name ? {} : { name: main }),
    ...section("access", access.fields),
  };
  const overlay = {
    ...section("namespace", level === undefined ? {} : { podSecurity: level }),
    ...section(
      "namespaces",
      Object.fromEntries(
        namespaces.slice(1).map((one, index) => [one, section("limits", limits[index + 1]?.fields ?? {})]),
      ),
    ),
    ...section("limits", limits[0]?.fields ?? {}),
    sync: syncs[0]?.fields ?? {},
    ...section(
      "syncs",
      Object.fromEntries(
        syncs.slice(1).map(({ one, fields }) => [one.live.name, { ...placeIn(one, tenant), ...fields }]),
      ),
    ),
  };
  return {
    name,
    files: {
      [`stacks/base/tenants/${name}.yaml`]: fileText("tenant", base),
      [`stacks/${stack}/tenants/${name}.yaml`]: fileText("tenant-overlay", overlay),
    },
    leftOut: [
      ...nameSentences(tenant),
      ...joinSentences(tenant),
      ...syncs.flatMap(({ one, leftOut }) => leftOut.map((text) => `${syncText(one.live)}: ${text}`)),
      ...syncs.flatMap(({ one }) => foreignObjects(one, namespaces)),
      ...limits.flatMap(({ namespace, leftOut }) => leftOut.map((text) => `namespace ${namespace}: ${text}`)),
      ...access.leftOut,
      ...namespaces.flatMap((one) => podSecuritySentences(cluster.audited, one)),
    ],
  };
}

/** The repositories of a tenant as GitHub spells them, the primary one first. */
function repositoryNames(tenant: ObservedTenant): string[] {
  const all = [tenant.primary, ...tenant.additional].map(({ repository }) => repository);
  return repositoriesOf(tenant).map((lower) => all.find((name) => name.toLowerCase() === lower) ?? lower);
}

function fieldsOf({ live, source }: ObservedSync, { primary, additional, name }: ObservedTenant) {
  const own = [primary, ...additional].filter((one) => one.live.namespace === live.namespace);
  const names = own.map((one) => (one === primary ? name : one.live.name));
  return syncFields(live, source, new Set(names));
}

/** The namespace and the repository of an additional sync, where they are not the primary ones. */
function placeIn({ live, repository }: ObservedSync, tenant: ObservedTenant) {
  const names = repositoryNames(tenant);
  const own = names.find((name) => name.toLowerCase() === repository.toLowerCase());
  return {
    ...(own === names[0] ? {} : { repository: own }),
    ...(live.namespace === tenant.namespaces[0] ? {} : { namespace: live.namespace }),
  };
}

/** A section of a file. An empty one is left out. */
function section(name: string, content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.keys(content).length === 0 ? {} : { [name]: content };
}

function fileText(schema: string, content: object): string {
  return `${schemaLine(schema)}${new Document(content).toString({ lineWidth: 0 })}`;
}

function nameSentences({ name, primary, keepsName }: ObservedTenant): string[] {
  if (keepsName) return [];
  const { namespace } = primary.live;
  return [
    `${syncText(primary.live)}: the update makes the Kustomization ${namespace}/${name} beside it, because a tenant's first sync has the tenant's name. Once that one is Ready, set spec.deletionPolicy of the former to Orphan, and delete it`,
  ];
}

/** Namespaces of a tenant by their label alone: before the lockdown, each tenant may write it on the namespace of another. */
function joinSentences({ namespaces }: ObservedTenant): string[] {
  return namespaces.slice(1).map((one) => {
    return `namespace ${one}: it is the tenant's by its label ${FLUX_TENANT_LABEL} alone, which each tenant could write: check that it is`;
  });
}

/** Objects that the tenant's account may not apply: those of the whole cluster, and those of other namespaces. */
function foreignObjects({ live }: ObservedSync, namespaces: readonly string[]): string[] {
  return appliedObjects(live)
    .filter(({ namespace }) => !namespaces.includes(namespace))
    .map(({ namespace, name, kind }) => {
      const place = namespace === "" ? "of the whole cluster" : `in the namespace ${namespace}`;
      return `${syncText(live)}: it applies the ${kind} ${name} ${place}, which the tenant's account may not: move it to the platform's repository`;
    });
}

/** Label of a namespace with the level that the API server enforces. */
const ENFORCE_LABEL = "pod-security.kubernetes.io/enforce";

function podSecurityOf({ Namespace = [] }: AuditedCluster, name: string) {
  const label = Namespace.find(({ metadata }) => metadata.name === name)?.metadata.labels[ENFORCE_LABEL];
  const level = POD_SECURITY_LEVELS.find((one) => one === label);
  return level === "restricted" ? undefined : level;
}

function podSecuritySentences({ Namespace = [] }: AuditedCluster, name: string): string[] {
  const label = Namespace.find(({ metadata }) => metadata.name === name)?.metadata.labels[ENFORCE_LABEL];
  if (POD_SECURITY_LEVELS.some((one) => one === label)) return [];
  return [
    `namespace ${name}: it enforces ${label === undefined ? "no" : `the`} Pod Security level${label === undefined ? "" : ` ${label}, which a file may not have`}, and new pods will have to meet restricted, or the level in namespace.podSecurity`,
  ];
}

function inNamespaces(
  objects: readonly { readonly object: LiveObject }[],
  namespaces: readonly string[],
): LiveObject[] {
  return objects.map(({ object }) => object).filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
}
