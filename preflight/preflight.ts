import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { collectProblems, requireResults } from "../lib/diagnostics/collect-problems.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import { listNamespaces } from "./cluster.js";
import { findConflicts } from "./conflicts.js";
import { listRepositories, listTeams } from "./github.js";
import { findHostKeys } from "./host-keys.js";
import { findPlatformFiles } from "./platform.js";
import { findRulesetsToImport, type StackState } from "./rulesets.js";

/** The sources that the preflight checks read, besides the cluster and GitHub. */
export interface PreflightArgs {
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Environment;
  /** Paths of the files of a new platform repository. */
  readonly platformSeed: readonly string[];
  /** Reads the stack's state from before the update. */
  readonly state: () => Promise<StackState>;
  /** Returns the place of a tenant's setting, for problems. */
  readonly locate: Locate;
}

/**
 * Reads the existing objects of the cluster and of GitHub, and checks that the stack may use them. It writes nothing.
 *
 * Requests: one to the cluster; one to GitHub for each hundred repositories, and for each hundred teams if a tenant has
 * one; one for the files of an existing platform repository; one to a GitHub Enterprise Server for its host keys. After a lost state, one more for each repository.
 * @returns the existing objects that the components must know of
 * @throws FleetError with every conflict, and every system that did not answer
 */
export async function runPreflight(spec: FleetSpec, args: PreflightArgs): Promise<ExistingGitHub> {
  const { environment } = args;
  const { results, problems } = await collectProblems({
    namespaces: listNamespaces(),
    repositories: listRepositories(spec.github.owner, environment),
    teams: listTeams(spec, environment),
    hostKeys: findHostKeys(spec, environment),
  });
  const conflicts = findConflicts(spec, results, args.locate);
  const { repositories, teams, hostKeys } = results;
  if (problems.length + conflicts.length > 0 || !repositories || !teams) {
    throw new FleetError([...problems, ...conflicts]);
  }
  const details = await requireResults({
    platformFiles: findPlatformFiles(spec, repositories, args),
    rulesetsToImport: findRulesetsToImport(spec, repositories, args),
  });
  return { repositories, teams, ...definedOnly({ hostKeys }), ...details };
}
