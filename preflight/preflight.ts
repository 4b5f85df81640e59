import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { collectProblems, requireResults } from "../lib/diagnostics/collect-problems.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import { FLUX_NAMESPACE } from "../lib/kubernetes/ownership-labels.js";
import { listNamespaces } from "./cluster.js";
import { type ExistingState, findConflicts } from "./conflicts.js";
import { listRepositories } from "./github.js";
import { findPlatformFiles, type PlatformArgs } from "./platform.js";
import { findRulesetsToImport, type StackState } from "./rulesets.js";
import { listTeams } from "./teams.js";

/** The existing objects that the components must know of. */
export interface PreflightResult extends ExistingState, ExistingGitHub {}

/** The sources that the preflight checks read, besides the cluster and GitHub. */
export interface PreflightArgs extends PlatformArgs {
  /** Reads the stack's state from before the update. */
  readonly state: () => Promise<StackState>;
  /** Returns the place of a tenant's setting, for problems. */
  readonly locate: Locate;
}

/**
 * Reads the existing objects of the cluster and of GitHub, and checks that the stack may use them. It writes nothing.
 *
 * Requests: one to the cluster; one to GitHub for each hundred repositories, and for each hundred teams if a tenant has
 * one; one for the files of an existing platform repository. After a lost state, one more for each repository.
 *
 * @throws FleetError with every conflict, and every system that did not answer
 */
export async function runPreflight(
  spec: FleetSpec,
  { state, locate, ...platform }: PreflightArgs,
): Promise<PreflightResult> {
  const { environment } = platform;
  const { results: existing, problems } = await collectProblems<ExistingState>({
    namespaces: listNamespaces(),
    repositories: listRepositories(spec.github.owner, environment),
    teams: listTeams(spec, environment),
  });
  const conflicts = findConflicts(spec, { existing, fluxNamespace: FLUX_NAMESPACE, locate });
  const { namespaces, repositories, teams } = existing;
  if (problems.length + conflicts.length > 0 || !namespaces || !repositories || !teams) {
    throw new FleetError([...problems, ...conflicts]);
  }
  const details = await requireResults<Pick<PreflightResult, "platformFiles" | "rulesetsToImport">>({
    platformFiles: findPlatformFiles(spec, repositories, platform),
    rulesetsToImport: findRulesetsToImport(spec, repositories, { state, environment }),
  });
  return { namespaces, repositories, teams, ...details };
}
