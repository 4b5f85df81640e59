import { parseUrl } from "../../lib/network/parse-url.js";
import type { AuditedSync } from "../audit/syncs.js";
import { findObject, type RetrofitFacts } from "./facts.js";

/** The kinds of sources whose places are known. Others lead to a further object, or take artifacts from any client. */
export const readSources = ["GitRepository", "OCIRepository", "HelmRepository", "Bucket"] as const;

/** A reference of a sync to the source of its content. */
export interface SourceRef {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The source of a sync: that of a Kustomization, or of the chart of a HelmRelease. Undefined without. */
export function sourceOf({ object }: Pick<AuditedSync, "object">): SourceRef | undefined {
  const { sourceRef, chart, chartRef } = (object.spec ?? {}) as {
    readonly sourceRef?: SourceRef;
    readonly chart?: { readonly spec?: { readonly sourceRef?: SourceRef } };
    readonly chartRef?: SourceRef;
  };
  return sourceRef ?? chart?.spec?.sourceRef ?? chartRef;
}

/** `GitRepository flux-system/payments` */
export function sourceKey({ namespace }: Pick<AuditedSync, "namespace">, source: SourceRef): string {
  return `${source.kind} ${source.namespace ?? namespace}/${source.name}`;
}

/**
 * Identifies the repository of a URL: `github.com/acme/payments`. Neither the protocol nor the port, the account and the case
 * count: GitHub serves one repository at several URLs, also at `ssh.github.com` and `www.github.com`.
 * @returns undefined for a text that is no URL
 */
export function repositoryKey(url: string): string | undefined {
  const [, server, place] = url.includes("://") ? [] : (/^(?:[^@/:]+@)?([^@/:]+):(.+)$/.exec(url) ?? []);
  const parsed = parseUrl(place === undefined ? url : `ssh://${server}/${place}`);
  if (parsed === undefined || parsed.hostname === "") return undefined;
  const path = decoded(parsed.pathname).split("/").filter(Boolean).join("/");
  const host = parsed.hostname.replace(/\.$/, "").replace(/^(?:ssh|www)\./i, "");
  return `${host}/${path.replace(/\.git$/i, "")}`.toLowerCase();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The tenants of a plan by the repositories that their syncs apply. */
export function tenantRepositories({ planned }: Pick<RetrofitFacts, "planned">): ReadonlyMap<string, string> {
  return new Map(
    planned.flatMap(({ kind, fields, owner: { tenant } }): [string, string][] => {
      const { url } = (fields.spec ?? {}) as { readonly url?: unknown };
      const key = kind === "GitRepository" && typeof url === "string" ? repositoryKey(url) : undefined;
      return key === undefined || tenant === undefined ? [] : [[key, tenant]];
    }),
  );
}

/**
 * The repositories whose writers decide the content of a sync: that of its source, and those that the source includes.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#include
 */
export function repositoriesOfSync(sync: AuditedSync, { cluster }: Pick<RetrofitFacts, "cluster">): string[] {
  const source = sourceOf(sync);
  if (source?.kind !== "GitRepository") return [];
  const pending = [{ namespace: source.namespace ?? sync.namespace, name: source.name }];
  const found = new Set<string>();
  const seen = new Set<string>();
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const { namespace, name } = one;
    if (seen.has(`${namespace}/${name}`)) continue;
    seen.add(`${namespace}/${name}`);
    const { url, include = [] } = (findObject(cluster, "GitRepository", one)?.spec ?? {}) as {
      readonly url?: string;
      readonly include?: readonly { readonly repository: { readonly name: string } }[];
    };
    const key = url === undefined ? undefined : repositoryKey(url);
    if (key !== undefined) found.add(key);
    pending.push(...include.map(({ repository }) => ({ namespace, name: repository.name })));
  }
  return [...found];
}

/**
 * The places whose writers decide the content of a sync, as a person reads them: repositories of Git and of images, registries of
 * charts, and buckets. None where the source is unknown.
 */
export function placesOfSync(sync: AuditedSync, facts: Pick<RetrofitFacts, "cluster">): string[] {
  const source = sourceOf(sync);
  const kind = readSources.find((one) => one === source?.kind);
  if (source === undefined || kind === undefined) return [];
  if (kind === "GitRepository") return repositoriesOfSync(sync, facts);
  const found = findObject(facts.cluster, kind, { namespace: source.namespace ?? sync.namespace, name: source.name });
  const { url, endpoint, bucketName } = (found?.spec ?? {}) as {
    readonly url?: string;
    readonly endpoint?: string;
    readonly bucketName?: string;
  };
  const text = kind === "Bucket" ? `https://${endpoint}/${bucketName}` : (url ?? "");
  const place = found && repositoryKey(text);
  return place === undefined ? [] : [place];
}
