import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, findRepository } from "../lib/github/existing.js";
import { listFiles } from "./github.js";

/**
 * The seed files that the platform repository already has, read with one request. Empty when it does not exist.
 * The stack that creates repositories adds the missing files. Every other stack needs the folder of its cluster to
 * exist already: without it, `pulumi up` would wait for a sync that cannot become Ready.
 * @param platformSeed paths of the files of a new platform repository
 * @throws FleetError with the missing folder, or GitHub's answer
 */
export async function findPlatformFiles(
  { stack, github, platform }: FleetSpec,
  repositories: ExistingRepositories,
  { environment, platformSeed }: { readonly environment: Environment; readonly platformSeed: readonly string[] },
): Promise<ReadonlySet<string>> {
  const repo = findRepository(repositories, platform.repository.name)?.name;
  if (repo === undefined) return new Set();
  const { owner, ownsRepositories, repositoryOwner } = github;
  const { defaultBranch } = platform.repository;
  // The stack that creates files adds them to the branch, whichever commit its cluster runs.
  const { commit } = ownsRepositories ? {} : platform;
  const files = await listFiles({ owner, repo, branch: commit ?? defaultBranch }, environment);
  const folder = platform.path.replace(/^\.\//, "");
  if (!ownsRepositories && ![...files].some((path) => path.startsWith(`${folder}/`))) {
    const place = commit === undefined ? `on its branch ${defaultBranch}` : `in the commit ${commit}`;
    const message = `the repository ${owner}/${repo} has no folder ${folder} ${place}, so Flux has nothing to apply on this cluster`;
    const add = `Run pulumi up on the stack ${repositoryOwner} first: it adds the missing files of this checkout's fleet/. Or commit them to that repository`;
    const move = "Move it to a commit of that repository that has the folder, by npx fleet promote";
    const setting = commit === undefined ? "platformRepository.name" : "platformRevision.commit";
    throw fleetError(`Pulumi.${stack}.yaml`, `fleet:${setting}`, message, commit === undefined ? add : move);
  }
  return new Set(platformSeed.filter((path) => files.has(path)));
}
