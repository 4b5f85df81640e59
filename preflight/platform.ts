import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, findRepository } from "../lib/github/existing.js";
import { listFiles } from "./repository-files.js";

/** The environment, and the files of a new platform repository. */
export interface PlatformArgs {
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Paths of the files of a new platform repository. */
  readonly platformSeed: readonly string[];
}

/**
 * The seed files that the platform repository already has, read with one request. Empty when it does not exist.
 *
 * The stack that creates repositories adds the missing files. Every other stack needs the folder of its cluster to exist
 * already: without it, `pulumi up` would wait for a sync that cannot become Ready.
 *
 * @throws FleetError with the missing folder, or GitHub's answer
 */
export async function findPlatformFiles(
  { stack, github, platform }: FleetSpec,
  repositories: ExistingRepositories,
  { environment, platformSeed }: PlatformArgs,
): Promise<ReadonlySet<string>> {
  const existing = findRepository(repositories, platform.repository.name);
  if (existing === undefined) return new Set();
  const { owner, ownsRepositories, repositoryOwner } = github;
  const { defaultBranch: branch } = platform.repository;
  const files = await listFiles({ owner, repository: existing.name, branch, environment });
  const folder = platform.path.replace(/^\.\//, "");
  if (!ownsRepositories && ![...files].some((path) => path.startsWith(`${folder}/`))) {
    throw new FleetError([
      {
        file: `Pulumi.${stack}.yaml`,
        path: "fleet:platformRepository.name",
        message: `the repository ${owner}/${existing.name} has no folder ${folder} on its branch ${branch}, so Flux has nothing to apply on this cluster`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first: it adds the missing files of this checkout's fleet/. Or commit them to that repository`,
      },
    ]);
  }
  return new Set(platformSeed.filter((path) => files.has(path)));
}
