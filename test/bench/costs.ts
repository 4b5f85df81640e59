import { nameOf, type RecordedResource } from "./state.js";

/** A request as GitHub's emulator logs it. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
}

const tenantType = "fleet:tenant:Tenant";

/** Resources of each tenant: its component and everything below it, by the tenant's name. */
export function resourcesByTenant(resources: readonly RecordedResource[]): Map<string, number> {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const tenants = new Map(resources.filter(({ type }) => type === tenantType).map((each) => [each.urn, nameOf(each)]));
  const counts = new Map([...tenants.values()].map((name) => [name, 0]));
  for (const { urn } of resources) {
    const tenant = tenantAbove(urn);
    if (tenant !== undefined) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  }
  return counts;

  function tenantAbove(urn: string | undefined): string | undefined {
    for (let at = urn; at !== undefined; at = parents.get(at)) {
      const tenant = tenants.get(at);
      if (tenant !== undefined) return tenant;
    }
    return undefined;
  }
}

/** `/api/v3/repos/acme/team-search/keys?page=2` → `team-search`; `undefined` when it is about no repository. */
export function repositoryOf(url: string): string | undefined {
  return /^\/api\/v3\/repos\/[^/]+\/([^/?]+)/.exec(url)?.[1];
}

/** Whether a request makes a repository from a template; the repository's name is in its body only. */
export function isGeneration({ method, url }: LoggedRequest): boolean {
  return method === "POST" && /^\/api\/v3\/repos\/[^/]+\/[^/]+\/generate$/.test(url);
}

/**
 * GitHub requests for each tenant: those about its repository, and its share of those that make repositories from the
 * template (one each, unless one had to be repeated).
 * @param repositories of the tenants
 */
export function requestsByTenant(
  requests: readonly LoggedRequest[],
  repositories: readonly string[],
): Map<string, number> {
  const share = repositories.length === 0 ? 0 : requests.filter(isGeneration).length / repositories.length;
  const counts = new Map(repositories.map((name) => [name, share]));
  for (const { url } of requests) {
    const name = repositoryOf(url);
    const count = name === undefined ? undefined : counts.get(name);
    if (name !== undefined && count !== undefined) counts.set(name, count + 1);
  }
  return counts;
}

/** The dearest tenant's: a budget must hold for every one. 0 when there is none. */
export function worst(counts: ReadonlyMap<string, number>): number {
  return Math.max(0, ...counts.values());
}
