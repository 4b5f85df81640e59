import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import { partPlace } from "../part-place.js";
import type { TenantSpec } from "../schema.js";

type Syncing = DeclaredTenant<"repository" | "repositories" | "namespace" | "namespaces" | "sync" | "syncs">;

/** One of a tenant's syncs, with its place in the tenant's files. */
type PlacedSync = TenantSpec["syncs"][number] & { readonly place: readonly string[] };

/** The problems between a tenant's syncs, and between them and its repositories and namespaces. */
export function syncProblems(tenants: readonly ParsedTenant[]): Problem[] {
  const sound = having(tenants, "repository", "repositories", "namespace", "namespaces", "sync", "syncs");
  return sound.flatMap((tenant) => {
    const syncs = tenant.spec.syncs.map((sync, index) => ({ ...sync, place: partPlace("sync", index, sync.name) }));
    return [
      ...syncs.slice(1).flatMap((sync) => partProblems(tenant, sync)),
      ...syncs.flatMap((sync) => dependencyProblems(tenant, sync, syncs)),
      ...doubles(tenant, syncs),
      ...circles(tenant, syncs),
    ];
  });
}

/** Repositories and namespaces of additional syncs that are not the tenant's, and names that are taken. */
function partProblems(tenant: Syncing, sync: PlacedSync): Problem[] {
  const taken = {
    message: `${JSON.stringify(sync.name)} is the name of the tenant's primary sync`,
    fix: "Choose another name, or set it under sync",
  };
  return [
    ...unknownName(tenant, sync, "repository", namesOf(tenant.spec.repositories)),
    ...unknownName(tenant, sync, "namespace", namesOf(tenant.spec.namespaces)),
    ...(sync.name === tenant.name ? [problem(tenant, sync.place, taken)] : []),
  ];
}

function unknownName(
  tenant: Syncing,
  sync: PlacedSync,
  part: "repository" | "namespace",
  names: readonly string[],
): Problem[] {
  const name = sync[part];
  if (names.includes(name)) return [];
  const message = `${JSON.stringify(name)} is no ${part} of the tenant ${tenant.name}`;
  const fix = didYouMean(nearMatches(name, names), `Name one of: ${names.join(", ")}`);
  return [problem(tenant, [...sync.place, part], { message, fix })];
}

function dependencyProblems(tenant: Syncing, sync: PlacedSync, syncs: readonly PlacedSync[]): Problem[] {
  return sync.dependsOn.flatMap((name, index) => {
    const place = [...sync.place, "dependsOn"];
    const other = syncs.find((one) => one.name === name);
    if (other === undefined) {
      const names = syncs.map((one) => one.name).filter((one) => one !== sync.name);
      const message = `${JSON.stringify(name)} is no sync of the tenant ${tenant.name}`;
      const fix = didYouMean(nearMatches(name, names), "Name another sync of this tenant");
      return [problem(tenant, place, { message, fix }, index)];
    }
    if (other.namespace === sync.namespace) return [];
    const message = `${name} is in the namespace ${other.namespace}, and a sync may depend on those of its own only`;
    return [problem(tenant, place, { message, fix: "Remove it, or apply both in one namespace" }, index)];
  });
}

/** Two syncs of one folder to one namespace would undo each other's changes for ever. */
function doubles(tenant: Syncing, syncs: readonly PlacedSync[]): Problem[] {
  const seen = new Map<string, string>();
  return syncs.flatMap((sync) => {
    const { repository, namespace, path } = sync;
    const key = JSON.stringify([repository, namespace, path]);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, sync.name);
      return [];
    }
    const message = `${path} of ${repository} is applied to ${namespace} by the sync ${first} already`;
    return [problem(tenant, [...sync.place, "path"], { message, fix: "Give each sync a folder of its own" })];
  });
}

/** Syncs that wait for each other never run. */
function circles(tenant: Syncing, syncs: readonly PlacedSync[]): Problem[] {
  const dependencies = new Map(syncs.map(({ name, dependsOn }) => [name, dependsOn]));
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (dependencies.get(from) ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return syncs
    .filter(({ name }) => reaches(name, name, new Set()))
    .map((sync) =>
      problem(tenant, [...sync.place, "dependsOn"], {
        message: `${sync.name} waits for itself in the end`,
        fix: "Break the circle",
      }),
    );
}

function problem(
  tenant: Syncing,
  place: readonly string[],
  fault: Pick<Problem, "message" | "fix">,
  ...rest: readonly number[]
): Problem {
  return { ...locationOf(definingFile(tenant, place), [...place, ...rest]), ...fault };
}

function namesOf(parts: readonly { readonly name: string }[]): string[] {
  return parts.map(({ name }) => name);
}
