import { dnsLabel } from "../../../config/rules/names.js";
import { groupBy } from "../../../lib/data/group-by.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import { isManagedByFleet, TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { parseUrl } from "../../../lib/network/parse-url.js";
import { type AuditedCluster, objectsOf, placeOf } from "../../audit/audited-cluster.js";
import { fluxControllers } from "../../audit/flux-controllers.js";
import { type GitHubPlace, repositoryOfUrl } from "./github-repository.js";
import { type LiveSource, type LiveSync, liveSource, liveSync } from "./live-sync.js";

/** Label by which `flux create tenant` marks a tenant's namespaces. */
export const FLUX_TENANT_LABEL = "toolkit.fluxcd.io/tenant";

/** A sync of a tenant, with its source. */
export interface ObservedSync {
  readonly live: LiveSync;
  readonly source: LiveSource;
  /** Name of the organisation's repository. */
  readonly repository: string;
}

/** A tenant as a cluster shows it. */
export interface ObservedTenant {
  readonly name: string;
  /** The first one is the primary namespace. */
  readonly namespaces: readonly string[];
  readonly primary: ObservedSync;
  /** Whether the primary sync has the tenant's name, so that it stays the same object. */
  readonly keepsName: boolean;
  readonly additional: readonly ObservedSync[];
}

/** An object that no tenant file can have, and why. */
export interface NotExpressed {
  /** `Kustomization payments/app` */
  readonly object: string;
  readonly reason: string;
}

/** The tenants of a cluster, and the syncs that no file can have. */
export interface Observed {
  readonly tenants: readonly ObservedTenant[];
  readonly notExpressed: readonly NotExpressed[];
}

/**
 * The tenants of a cluster: the namespaces with a Git sync of their own, joined by the label of `flux create tenant`. Syncs
 * in Flux's own namespaces are the platform's, and those that a tenant's sync applied are in its repository already.
 */
export function observeTenants(cluster: AuditedCluster, place: GitHubPlace): Observed {
  const ofFlux = new Set(fluxControllers(cluster).map(({ namespace }) => namespace));
  const namespaces = new Map((cluster.Namespace ?? []).map((one) => [one.metadata.name, one.metadata.labels]));
  const sources = new Map(
    (cluster.GitRepository ?? []).map((one) => [placeOf(one.metadata), liveSource(one)] as const),
  );
  const judged = (cluster.Kustomization ?? []).map(liveSync).flatMap((live) => {
    const labels = namespaces.get(live.namespace);
    const isTenants = isManagedByFleet(labels) && labels?.[TENANT_LABEL] !== undefined;
    if (isTenants || isNested(live, ofFlux)) return [];
    const sync = judgeSync(live, { ofFlux, sources, place });
    return sync === undefined ? [] : [sync];
  });
  const syncs = judged.flatMap((one) => ("live" in one ? [one] : []));
  const groups = groupBy(syncs, ({ live }) => tenantLabel(namespaces.get(live.namespace)) ?? live.namespace);
  const named = nameTenants([...groups], namespaces);
  const shared = sharedRepositories(named);
  return {
    tenants: named.filter((one) => sharedOf(one, shared) === undefined),
    notExpressed: [
      ...judged.flatMap((one) => ("live" in one ? [] : [one])),
      ...releasesWithoutSync(cluster, ofFlux),
      ...named.flatMap((one) => {
        const repository = sharedOf(one, shared);
        if (repository === undefined) return [];
        const reason = `the repository ${repository} is that of several tenants: each tenant file needs a repository of its own`;
        return [one.primary, ...one.additional].map(({ live }) => ({ object: syncText(live), reason }));
      }),
    ],
  };
}

/** Whether a tenant's own sync applied a sync. */
function isNested({ appliedBy, namespace, name }: LiveSync, ofFlux: ReadonlySet<string>): boolean {
  if (appliedBy === undefined || appliedBy === `${namespace}/${name}`) return false;
  return !ofFlux.has(appliedBy.split("/", 1)[0] ?? "");
}

interface Judging {
  readonly ofFlux: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, LiveSource>;
  readonly place: GitHubPlace;
}

/** A sync of a tenant, or why no file can have it. Undefined for the platform's own. */
function judgeSync(live: LiveSync, { ofFlux, sources, place }: Judging): ObservedSync | NotExpressed | undefined {
  const { sourceRef, targetNamespace, kubeConfig } = live.spec;
  const not = (reason: string): NotExpressed => ({ object: syncText(live), reason });
  if (ofFlux.has(live.namespace)) {
    if (targetNamespace === undefined || ofFlux.has(targetNamespace)) return undefined;
    return not(
      `it lies in Flux's own namespace and applies to the namespace ${targetNamespace}: move it there, with its source, and import again`,
    );
  }
  if (kubeConfig !== undefined) return not("it applies to another cluster: write a stack for that cluster");
  if (sourceRef.kind !== "GitRepository") {
    return not(`its source is the ${sourceRef.kind} ${sourceRef.name}: a tenant file has Git repositories only`);
  }
  if (targetNamespace !== undefined && targetNamespace !== live.namespace) {
    return not(`it applies to the namespace ${targetNamespace}: a tenant's sync applies to its own namespace`);
  }
  const key = placeOf({ namespace: sourceRef.namespace ?? live.namespace, name: sourceRef.name });
  const source = sources.get(key);
  if (source === undefined) return not(`its source, the GitRepository ${key}, does not exist`);
  const repository = repositoryOfUrl(source.url, place);
  if (repository === undefined) {
    return not(`its source is ${addressOf(source.url)}, which is no repository of ${place.host}/${place.owner}`);
  }
  return { live, source, repository };
}

/** A URL without credentials, which people write into some. */
function addressOf(url: string): string {
  const parsed = parseUrl(url);
  return parsed === undefined ? "no URL" : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function tenantLabel(labels: LiveObject["metadata"]["labels"] | undefined): string | undefined {
  const label = labels?.[FLUX_TENANT_LABEL];
  return label !== undefined && dnsLabel.check(label) === undefined ? label : undefined;
}

type Group = readonly [label: string, syncs: readonly ObservedSync[]];

/**
 * The name of a tenant is the name of its primary sync, so that the sync stays the same object: that of the label, of the
 * namespace, or of the only sync there. Where none of these is free, the sync gets another name. A name that is another
 * tenant's label or namespace is not free: the files of both would be one.
 */
function nameTenants(
  groups: readonly Group[],
  labels: ReadonlyMap<string, LiveObject["metadata"]["labels"]>,
): ObservedTenant[] {
  const taken = new Map<string, number>();
  for (const [, syncs] of groups) {
    for (const name of new Set(syncs.map(({ live }) => live.name))) taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  const labelsOfAll = new Set(groups.map(([label]) => label));
  const isFree = (name: string, group: string) => {
    const isLabelOfOther = name !== group && labelsOfAll.has(name);
    return taken.get(name) === 1 && !isLabelOfOther && dnsLabel.check(name) === undefined;
  };
  return groups.flatMap(([group, unsorted]) => {
    const syncs = unsorted.toSorted((a, b) => compare(syncText(a.live), syncText(b.live)));
    const candidates = [
      syncs.find(({ live }) => live.name === group),
      syncs.find(({ live }) => live.name === live.namespace),
      syncs.length === 1 ? syncs[0] : undefined,
    ];
    const found = candidates.find((one) => one !== undefined && isFree(one.live.name, group));
    const [first] = syncs;
    const primary = found ?? first;
    if (primary === undefined) return [];
    const further = [...labels].filter(([, own]) => tenantLabel(own) === group).map(([name]) => name);
    const used = syncs.map(({ live }) => live.namespace);
    const namespaces = [...new Set([primary.live.namespace, ...[...used, ...further].toSorted(compare)])];
    const additional = syncs.filter((one) => one !== primary);
    return [{ name: found?.live.name ?? group, namespaces, primary, keepsName: found !== undefined, additional }];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The repositories that several tenants use. */
function sharedRepositories(tenants: readonly ObservedTenant[]): ReadonlySet<string> {
  const users = new Map<string, number>();
  for (const tenant of tenants) {
    for (const name of repositoriesOf(tenant)) users.set(name, (users.get(name) ?? 0) + 1);
  }
  return new Set([...users].filter(([, count]) => count > 1).map(([name]) => name));
}

function sharedOf(tenant: ObservedTenant, shared: ReadonlySet<string>): string | undefined {
  return repositoriesOf(tenant).find((name) => shared.has(name));
}

/** The repositories of a tenant, the primary one first. GitHub does not tell upper from lower case. */
export function repositoriesOf({ primary, additional }: ObservedTenant): string[] {
  return [...new Set([primary, ...additional].map(({ repository }) => repository.toLowerCase()))];
}

/** A HelmRelease that no sync applies is in no repository, so a change by hand is all that it has. */
function releasesWithoutSync(cluster: AuditedCluster, ofFlux: ReadonlySet<string>): NotExpressed[] {
  return objectsOf(cluster, "HelmRelease")
    .filter(({ object: { metadata } }) => !ofFlux.has(metadata.namespace ?? ""))
    .filter(({ object: { metadata } }) => metadata.labels["kustomize.toolkit.fluxcd.io/name"] === undefined)
    .map(({ object: { metadata } }) => ({
      object: `HelmRelease ${placeOf(metadata)}`,
      reason: "no sync applies it: add it to the tenant's repository",
    }));
}

/** `Kustomization payments/app` */
export function syncText({ namespace, name }: Pick<LiveSync, "namespace" | "name">): string {
  return `Kustomization ${namespace}/${name}`;
}
