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
  spec: FleetSpec,
  repositories: ExistingRepositories,
  { environment, platformSeed }: { readonly environment: Environment; readonly platformSeed: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { stack, github, platform } = spec;
  const repo = findRepository(repositories, platform.repository.name)?.name;
  if (repo === undefined) {
    requireSigned(spec, platformSeed, `the new repository ${github.owner}/${platform.repository.name}`);
    return new Set();
  }
  const { owner, ownsRepositories, repositoryOwner } = github;
  const { defaultBranch } = platform.repository;
  // The stack that creates files adds them to the branch, whichever commit its cluster runs.
  const { commit, tag } = ownsRepositories ? {} : platform;
  const pinned = commit ?? tag;
  const files = await listFiles({ owner, repo, branch: pinned ?? defaultBranch }, environment);
  const folder = platform.path.replace(/^\.\//, "");
  if (!ownsRepositories && ![...files].some((path) => path.startsWith(`${folder}/`))) {
    const place =
      pinned === undefined ? `on its branch ${defaultBranch}` : `in the ${commit ? "commit" : "tag"} ${pinned}`;
    const message = `the repository ${owner}/${repo} has no folder ${folder} ${place}, so Flux has nothing to apply on this cluster`;
    const add = `Run pulumi up on the stack ${repositoryOwner} first: it adds the missing files of this checkout's fleet/. Or commit them to that repository`;
    const move = "Move it to a commit of that repository that has the folder, by npx fleet promote";
    const setting = pinned === undefined ? "platformRepository.name" : `platformRevision.${commit ? "commit" : "tag"}`;
    throw fleetError(`Pulumi.${stack}.yaml`, `fleet:${setting}`, message, pinned === undefined ? add : move);
  }
  const present = new Set(platformSeed.filter((path) => files.has(path)));
  if (ownsRepositories)
    requireSigned(
      spec,
      platformSeed.filter((path) => !present.has(path)),
      `${owner}/${repo}`,
    );
  return present;
}

/**
 * The program cannot sign, and its commit would be the head of the branch: Flux would apply nothing until a signed one.
 * @param missing files that the program would add to the repository
 * @throws FleetError with the files, where Flux demands signatures
 */
function requireSigned({ stack, platform }: FleetSpec, missing: readonly string[], repository: string): void {
  if (platform.verify === undefined || missing.length === 0) return;
  const message = `demands signed commits of ${repository}, which lacks first files, and the program would add them without a signature: ${missing.join(", ")}`;
  const fix = "Commit these files there by a signed commit first. The program takes over what exists";
  throw fleetError(`Pulumi.${stack}.yaml`, "fleet:platformRepository.verify", message, fix);
}
