import { FLUX_NAMESPACE } from "../components/labels.js";
import { FleetError } from "../stacks/problems.js";
import type { FleetSpec } from "../stacks/schema.js";
import { type World, worldProblems } from "./check.js";
import { listNamespaces } from "./cluster.js";
import { type FilesArgs, filesThatExist } from "./files.js";
import { listRepositories } from "./github.js";

/** What is there, as the components need to know it. */
export interface Found extends World {
  /** Which of the platform repository's first files it has already: they are taken over, and never written again. */
  readonly platformFiles: ReadonlySet<string>;
}

/**
 * Looks at the cluster and at GitHub before anything is registered: one request to the one, one for each hundred
 * repositories to the other, and one more for the files of a platform repository that exists. Nothing is written.
 *
 * @param platformSeed paths of the files that a new platform repository starts with
 * @throws FleetError listing every namespace and repository that is in the way, or what could not be reached
 */
export async function look(
  spec: FleetSpec,
  environment: Readonly<Record<string, string | undefined>>,
  platformSeed: readonly string[],
): Promise<Found> {
  const [namespaces, repositories] = await Promise.all([
    listNamespaces(),
    listRepositories(spec.github.owner, environment),
  ]);
  const world = { namespaces, repositories };
  const problems = worldProblems(spec, world, FLUX_NAMESPACE);
  if (problems.length > 0) throw new FleetError(problems);
  return { ...world, platformFiles: await platformFiles(spec, world, { environment, paths: platformSeed }) };
}

async function platformFiles(
  { github, platform }: FleetSpec,
  { repositories }: World,
  rest: Pick<FilesArgs, "environment" | "paths">,
): Promise<ReadonlySet<string>> {
  const existing = repositories.get(platform.repository.name.toLowerCase());
  if (existing === undefined || !github.ownsRepositories) return new Set();
  const { defaultBranch: branch } = platform.repository;
  return filesThatExist({ owner: github.owner, repository: existing.name, branch, ...rest });
}
