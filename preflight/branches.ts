import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { placedParts, resourcesOf } from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, type ExistingRepository, findRepository } from "../lib/github/existing.js";
import { firstConflict } from "./conflict.js";
import { hasBranch } from "./github.js";

interface FollowedBranch {
  readonly repository: ExistingRepository;
  readonly branch: string;
  /** A problem of the setting that names the repository. */
  readonly locate: () => Pick<Problem, "file" | "line" | "path">;
}

/**
 * The branches that the syncs of a stack follow in repositories with `existing: true`, and that GitHub lacks: their owner
 * creates branches, so Flux would wait for them without a word of this program. There is one request for each branch
 * that is not the default one, and for that of a repository that may be empty; so usually none.
 * @throws FleetError with the repository and GitHub's answer
 */
export async function findMissingBranches(
  { github: { owner }, tenants }: FleetSpec,
  repositories: ExistingRepositories,
  { environment, locate }: { readonly environment: Environment; readonly locate: Locate },
): Promise<Problem[]> {
  const followed = new Map(
    tenants
      .flatMap((tenant) => followedBranches(tenant, repositories, locate))
      .filter(({ repository, branch }) => branch !== repository.defaultBranch || repository.size === 0)
      .map((one) => [JSON.stringify([one.repository.name, one.branch]), one]),
  );
  const found = [...followed.values()].map(async ({ repository, branch, locate: locator }) => {
    const { name, defaultBranch } = repository;
    const isEmpty = branch === defaultBranch;
    const exists = await hasBranch(owner, name, branch, environment);
    return firstConflict(`the repository ${owner}/${name}`, locator, [
      { when: !exists && isEmpty, message: `is empty: it has no branch ${branch}`, fix: "Push a first commit to it" },
      {
        when: !exists && !isEmpty,
        message: `has no branch ${branch}, which a sync follows${defaultBranch === undefined ? "" : `; its default branch is ${defaultBranch}`}`,
        fix: "Correct repository.defaultBranch or the ref of the sync, or create the branch",
      },
    ]);
  });
  return (await Promise.all(found)).flat();
}

function followedBranches(tenant: TenantSpec, existing: ExistingRepositories, locate: Locate): FollowedBranch[] {
  const { sources } = resourcesOf(tenant);
  return placedParts("repository", tenant.repositories).flatMap(({ name, existing: isUnmanaged, namePlace }) => {
    const repository = findRepository(existing, name);
    if (!isUnmanaged || repository === undefined || repository.archived) return [];
    return sources.flatMap((source) => {
      const { branch } = source.ref;
      if (source.repository !== name || branch === undefined) return [];
      return [{ repository, branch, locate: () => locate(tenant.name, namePlace) }];
    });
  });
}
