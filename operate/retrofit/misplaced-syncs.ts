import { PLATFORM_SOURCE } from "../../config/names.js";
import { fluxOwner } from "../audit/finding.js";
import type { AuditedSync } from "../audit/syncs.js";
import { fluxNamespace, type RetrofitFacts } from "./facts.js";
import { isInInventory } from "./git-place.js";
import { inventoryOf } from "./inventory.js";
import type { Obstacle } from "./step.js";
import { readSources, repositoriesOfSync, sourceKey, sourceOf, tenantRepositories } from "./tenant-sources.js";

/** Why a sync of Flux's namespace belongs to a tenant, and the remedy. */
type Misplaced = Pick<Obstacle, "message" | "fix">;

/**
 * The syncs of Flux's namespace whose content is a tenant's. They have all rights after the retrofit, too, so their writers would
 * have these as well, whatever a sync has applied so far: CRDs and ClusterRoles have no namespace that would tell.
 */
export function misplacedSyncs(facts: RetrofitFacts): ReadonlyMap<AuditedSync, Misplaced> {
  const platform = platformSources(facts);
  const ofFlux = facts.syncs.filter(({ namespace }) => namespace === fluxNamespace(facts));
  const places = new Map(
    ofFlux
      .filter((sync) => !isFrom(platform, sync))
      .map((sync) => [sync, tenantPlaces(sync, facts)] as const)
      .filter(([, tenants]) => tenants.length > 0),
  );
  const repositories = tenantRepositories(facts);
  // An installation may have all files in one repository.
  const ofRoots = new Set(
    ofFlux.filter((one) => isFrom(platform, one)).flatMap((one) => repositoriesOfSync(one, facts)),
  );
  const contents = new Map(
    [...places].flatMap(([sync, [place = ""]]) => {
      const keys = contentsOf(sync, facts).filter((key) => !ofRoots.has(key));
      return keys.map((key) => [key, place] as const);
    }),
  );
  return new Map(
    ofFlux.flatMap((sync): [AuditedSync, Misplaced][] => {
      const found =
        unreadSource(sync) ??
        ofTenant(sync, { tenants: repositories, ofRoots }, facts) ??
        inTenants(sync, places.get(sync)) ??
        (isFrom(platform, sync) ? undefined : besides(sync, contents, facts));
      return found === undefined ? [] : [[sync, found]];
    }),
  );
}

/** A source that does not say which repository it takes its content from. */
function unreadSource(sync: AuditedSync): Misplaced | undefined {
  const source = sourceOf(sync);
  if (source === undefined || readSources.some((kind) => kind === source.kind)) return undefined;
  const message = `takes its content from ${sourceText(sync)}, which does not say whose it is, with the rights of the platform`;
  const fix =
    source.kind === "HelmChart"
      ? "Name the chart and its source in spec.chart in place of spec.chartRef"
      : `Name a source of its own: a ${readSources.join(", ")}`;
  return { message, fix };
}

/** The repository of a tenant, as the files of the stack say. */
function ofTenant(
  sync: AuditedSync,
  { tenants, ofRoots }: { readonly tenants: ReadonlyMap<string, string>; readonly ofRoots: ReadonlySet<string> },
  facts: RetrofitFacts,
): Misplaced | undefined {
  const repository = repositoriesOfSync(sync, facts).find((key) => tenants.has(key));
  if (repository === undefined) return undefined;
  const tenant = tenants.get(repository) ?? "";
  const [place = tenant] = [...facts.tenants].filter(([, name]) => name === tenant).map(([namespace]) => namespace);
  const message = `applies the repository ${repository} of the tenant ${tenant}, with the rights of the platform`;
  // A tenant can forge the root sync, so that one proves nothing.
  const other = `Otherwise, name another repository in the file of the tenant ${tenant}`;
  const fix = ofRoots.has(repository)
    ? `If the tenant may write there, ${lowerFirst(moveFix(place))}. ${other}`
    : moveFix(place);
  return { message, fix };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Objects in the namespaces of tenants. */
function inTenants(sync: AuditedSync, tenants: readonly string[] = []): Misplaced | undefined {
  const [first] = tenants;
  if (first === undefined) return undefined;
  const message = `applies ${sourceText(sync)} to the tenant's namespace ${tenants.join(", ")}, with the rights of the platform`;
  const move = `move it and its source to ${first} (docs/operate/retrofit.md#move-a-sync)`;
  return { message, fix: `If a tenant may write to its source, ${move}. ${ownedFix(tenants)}` };
}

/** The source or the repository of a sync that applies objects to the namespaces of tenants. */
function besides(
  sync: AuditedSync,
  contents: ReadonlyMap<string, string>,
  facts: RetrofitFacts,
): Misplaced | undefined {
  const place = contentsOf(sync, facts).flatMap((key) => contents.get(key) ?? [])[0];
  if (place === undefined) return undefined;
  const message = `applies ${sourceText(sync)}, from which another sync fills the tenant's namespace ${place}, with the rights of the platform`;
  return { message, fix: `If a tenant may write to its source, ${lowerFirst(moveFix(place))}. ${ownedFix([place])}` };
}

/** The remedy for a second source of the platform. Nothing on the cluster tells it from a tenant's. */
function ownedFix(places: readonly string[]): string {
  return `If only owners of the platform may, apply the objects of ${places.join(", ")} from the source of the root sync`;
}

function moveFix(place: string): string {
  const move = `Move it and its source to ${place} (docs/operate/retrofit.md#move-a-sync)`;
  return `${move}, and its objects of the whole cluster to the files of the platform`;
}

/** `GitRepository payments` */
export function sourceText(sync: Pick<AuditedSync, "object">): string {
  const source = sourceOf(sync);
  return source === undefined ? "its chart" : `${source.kind} ${source.name}`;
}

function isFrom(sources: ReadonlySet<string>, sync: AuditedSync): boolean {
  const source = sourceOf(sync);
  return source !== undefined && sources.has(sourceKey(sync, source));
}

/** The names of a sync's content. A chart that is in no Git repository is of others than the tenants that use it. */
function contentsOf(sync: AuditedSync, facts: RetrofitFacts): string[] {
  const source = sourceOf(sync);
  if (source === undefined || (sync.kind === "HelmRelease" && source.kind !== "GitRepository")) return [];
  return [sourceKey(sync, source), ...repositoriesOfSync(sync, facts)];
}

/** The namespaces of tenants to which a sync applies objects. */
function tenantPlaces({ object }: AuditedSync, { tenants }: Pick<RetrofitFacts, "tenants">): string[] {
  const { targetNamespace } = object.spec as { readonly targetNamespace?: string };
  const places = [targetNamespace, ...(inventoryOf(object) ?? []).map(({ namespace }) => namespace)];
  return [...new Set(places)].flatMap((place) => (place !== undefined && tenants.has(place) ? [place] : []));
}

/**
 * The sources of the syncs that apply Flux itself, of the root sync of `flux bootstrap`, and of the plan's. Each tenant can write
 * the labels of the controllers, so a sync counts only if its inventory has a controller that names it.
 */
function platformSources(facts: RetrofitFacts): ReadonlySet<string> {
  const isOwner = ({ kind, namespace, name, object }: AuditedSync) => {
    return facts.controllers.some(({ deployment }) => {
      const owner = fluxOwner(deployment.object.metadata.labels);
      const isNamed = owner?.kind === kind && owner.namespace === namespace && owner.name === name;
      return isNamed && isInInventory(object, deployment) === true;
    });
  };
  const roots = [fluxNamespace(facts), PLATFORM_SOURCE];
  const isRoot = ({ kind, namespace, name }: AuditedSync) => {
    return kind === "Kustomization" && namespace === fluxNamespace(facts) && roots.includes(name);
  };
  const syncs = facts.syncs.filter((one) => isOwner(one) || isRoot(one));
  return new Set(
    syncs.flatMap((one) => {
      const source = sourceOf(one);
      return source === undefined ? [] : [sourceKey(one, source)];
    }),
  );
}
