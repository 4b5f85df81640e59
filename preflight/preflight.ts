import type { Locate } from "../config/files/locate.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { all, settle } from "../lib/diagnostics/settle.js";
import type { Rulesets } from "../lib/github/existing.js";
import { FLUX_NAMESPACE } from "../lib/kubernetes/ownership-labels.js";
import { listNamespaces } from "./cluster.js";
import { type World, worldProblems } from "./conflicts.js";
import { listRepositories } from "./github.js";
import { type PlatformArgs, platformFiles } from "./platform.js";
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
export interface LookArgs extends PlatformArgs {
  /** Reads the stack's state, as it was before the update. */
  readonly state: () => Promise<StackState>;
  /** Finds what the files say of a tenant, for problems. */
  readonly locate: Locate;
}

/**
 * Looks at the cluster and at GitHub before anything is registered: one request to the one, one for each hundred
 * repositories to the other (and teams, if a tenant has one), and one more for the files of a platform repository that
 * exists. After a lost state, one for each repository beside that. Nothing is written.
 *
 * @throws FleetError listing every namespace, repository and team that is in the way, and what could not be reached
 */
export async function look(spec: FleetSpec, { state, locate, ...platform }: LookArgs): Promise<Found> {
  const { environment } = platform;
  const { seen, problems } = await settle<World>({
    namespaces: listNamespaces(),
    repositories: listRepositories(spec.github.owner, environment),
    teams: listTeams(spec, environment),
  });
  const inTheWay = worldProblems(spec, { world: seen, fluxNamespace: FLUX_NAMESPACE, locate });
  const { namespaces, repositories, teams } = seen;
  if (problems.length + inTheWay.length > 0 || !namespaces || !repositories || !teams) {
    throw new FleetError([...problems, ...inTheWay]);
  }
  const rest = await all<Pick<Found, "platformFiles" | "lostRulesets">>({
    platformFiles: platformFiles(spec, repositories, platform),
    lostRulesets: lostRulesets(spec, repositories, { state, environment }),
  });
  return { namespaces, repositories, teams, ...rest };
}
