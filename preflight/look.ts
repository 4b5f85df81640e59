import type { Rulesets } from "../components/git/protected-branch.js";
import { FLUX_NAMESPACE } from "../components/labels.js";
import { FleetError } from "../stacks/problems.js";
import type { FleetSpec } from "../stacks/schema.js";
import { type World, worldProblems } from "./check.js";
import { listNamespaces } from "./cluster.js";
import { type FilesArgs, filesThatExist } from "./files.js";
import { listRepositories } from "./github.js";
import { lostRulesets, type StackState } from "./rulesets.js";
import { listTeams } from "./teams.js";

/** What is there, as the components need to know it. */
export interface Found extends World {
  /** Which of the platform repository's first files it has already: they are taken over, and never written again. */
  readonly platformFiles: ReadonlySet<string>;
  /** Rulesets that GitHub has and the stack's state has not. */
  readonly lostRulesets: Rulesets;
}

/** What is looked for, and where. */
export interface LookArgs {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Paths of the files that a new platform repository starts with. */
  readonly platformSeed: readonly string[];
  /** Reads the stack's state, as it was before the update. */
  readonly state: () => Promise<StackState>;
}

/**
 * Looks at the cluster and at GitHub before anything is registered: one request to the one, one for each hundred
 * repositories to the other (and teams, if a tenant has one), and one more for the files of a platform repository that
 * exists. After a lost state, one for each repository beside that. Nothing is written.
 *
 * @throws FleetError listing every namespace, repository and team that is in the way, or what could not be reached
 */
export async function look(spec: FleetSpec, { environment, platformSeed, state }: LookArgs): Promise<Found> {
  const [namespaces, repositories, teams] = await Promise.all([
    listNamespaces(),
    listRepositories(spec.github.owner, environment),
    listTeams(spec, environment),
  ]);
  const world = { namespaces, repositories, teams };
  const problems = worldProblems(spec, world, FLUX_NAMESPACE);
  if (problems.length > 0) throw new FleetError(problems);
  return {
    ...world,
    platformFiles: await platformFiles(spec, world, { environment, paths: platformSeed }),
    lostRulesets: await lostRulesets(spec, repositories, { state, environment }),
  };
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
