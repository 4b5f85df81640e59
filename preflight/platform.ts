import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import type { Repositories } from "./github.js";
import { listFiles } from "./repository-files.js";

/** What is asked about the platform's repository. */
export interface PlatformArgs {
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Paths of the files that a new platform repository starts with. */
  readonly platformSeed: readonly string[];
}

/**
 * Which of the platform's first files its repository has already, at one request; none when it does not exist.
 *
 * The stack that creates repositories adds those that are missing. Any other reads what is there, so the folder that
 * its cluster starts from must be: Flux would look for it in vain, and `pulumi up` wait for Flux.
 *
 * @throws FleetError naming the folder that the repository lacks, or what GitHub answered
 */
export async function findPlatformFiles(
  { stack, github, platform }: FleetSpec,
  repositories: Repositories,
  { environment, platformSeed }: PlatformArgs,
): Promise<ReadonlySet<string>> {
  const existing = repositories.get(platform.repository.name.toLowerCase());
  if (existing === undefined) return new Set();
  const { owner, ownsRepositories, repositoryOwner } = github;
  const { defaultBranch: branch } = platform.repository;
  const there = await listFiles({ owner, repository: existing.name, branch, environment });
  const folder = platform.path.replace(/^\.\//, "");
  if (!ownsRepositories && ![...there].some((path) => path.startsWith(`${folder}/`))) {
    throw new FleetError([
      {
        file: `Pulumi.${stack}.yaml`,
        path: "fleet:platformRepository.name",
        message: `the repository ${owner}/${existing.name} has no folder ${folder} on its branch ${branch}, from which this cluster is to start`,
        fix: `Run pulumi up on the stack ${repositoryOwner} first, which adds the files of this checkout's fleet/ that are missing there; or commit them to that repository`,
      },
    ]);
  }
  return new Set(platformSeed.filter((path) => there.has(path)));
}
