import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { placedParts } from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { sameName } from "../lib/github/existing.js";
import type { StatedSync, StateIndex } from "../lib/state/stack-state.js";
import { firstConflict } from "./conflict.js";
import type { RenamedRepositories } from "./renamed-repositories.js";

type PlacedSync = ReturnType<typeof placedParts<TenantSpec["syncs"][number]>>[number];

/**
 * Syncs that would leave their namespace or their repository, although the tenant keeps it. Flux deletes what a sync
 * applied when the sync goes, or when its repository does not have it. The first sync follows the first namespace and the
 * first repository, so an exchange of two entries of a file would delete workloads.
 */
export function syncConflicts(
  { syncs }: Pick<StateIndex, "syncs">,
  {
    spec,
    renamed,
    locate,
  }: { readonly spec: FleetSpec; readonly renamed: RenamedRepositories; readonly locate: Locate },
): Problem[] {
  const current = (name: string) => renamed.get(name.toLowerCase()) ?? name;
  return spec.tenants.flatMap((tenant) => {
    return placedParts("sync", tenant.syncs).flatMap((sync, index) => {
      const former = syncs.filter((one) => one.tenant === tenant.name && one.name === sync.name);
      const place = (kind: "namespace" | "repository") => (index === 0 ? [kind, "name"] : [...sync.place, kind]);
      return [
        ...firstConflict(
          `the sync ${sync.name}`,
          () => locate(tenant.name, place("namespace")),
          namespaceConflict(tenant, sync, former),
        ),
        ...firstConflict(
          `the sync ${sync.name}`,
          () => locate(tenant.name, place("repository")),
          index === 0 ? repositoryConflict(tenant, sync, former, current) : [],
        ),
      ];
    });
  });
}

function namespaceConflict({ namespaces }: TenantSpec, { namespace }: PlacedSync, former: readonly StatedSync[]) {
  const stays = former.some((one) => one.namespace === namespace);
  const moved = former.find((one) => namespaces.some(({ name }) => name === one.namespace));
  return [
    {
      when: !stays && moved !== undefined && moved.deletionPolicy !== "Orphan",
      message: `applies to the namespace ${moved?.namespace}, and would apply to ${namespace}: Flux would delete what it applied to ${moved?.namespace}, volumes too`,
      fix: `Keep its namespace: the first sync has the first one. To move it, set its deletionPolicy to Orphan in one update, and move it in the next one. Then delete its objects in ${moved?.namespace} by hand`,
    },
  ];
}

function repositoryConflict(
  { repositories }: TenantSpec,
  { namespace, repository }: PlacedSync,
  former: readonly StatedSync[],
  current: (name: string) => string,
) {
  const stated = former.find((one) => one.namespace === namespace)?.repository;
  const followed = stated === undefined ? repository : current(stated);
  const isKept = repositories.some(({ name }) => sameName(name, followed));
  return [
    {
      when: isKept && !sameName(followed, repository),
      message: `applies the repository ${followed}, and would apply ${repository}: Flux would delete what only ${followed} has, volumes too`,
      fix: `Keep ${followed} as the first repository, and declare another sync of ${repository} under syncs`,
    },
  ];
}
