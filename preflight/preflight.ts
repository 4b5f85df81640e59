import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { collectProblems, requireResults } from "../lib/diagnostics/collect-problems.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { indexState, type StackState, type StatedResource, type StateIndex } from "../lib/state/stack-state.js";
import { listNamespaces } from "./cluster.js";
import { findConflicts } from "./conflicts.js";
import { listRepositories, listTeams } from "./github.js";
import { findHandedOver, findLeaving } from "./handed-over.js";
import { findHostKeys } from "./host-keys.js";
import { type ReadOutputs, readOwnerStack } from "./owner-stack.js";
import { checkBasePermission, findTeamMembers, findWriters } from "./people.js";
import { findPlatformFiles } from "./platform.js";
import { describeRemovals } from "./removals.js";
import { findRenamed, withNewNames } from "./renamed-repositories.js";
import { findRulesetsToImport } from "./rulesets.js";

/** The sources that the preflight checks read, besides the cluster and GitHub. */
export interface PreflightArgs {
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Environment;
  /** Paths of the files of a new platform repository. */
  readonly platformSeed: readonly string[];
  /** Reads the stack's state from before the update. */
  readonly state: () => Promise<StackState>;
  /** Reads the outputs of the stack that creates repositories. */
  readonly outputs: ReadOutputs;
  /** Returns the place of a tenant's setting, for problems. */
  readonly locate: Locate;
}

/** The existing objects that the components must know of. */
export interface PreflightResult {
  readonly existing: ExistingGitHub;
  /** The stack's state from before the update. */
  readonly state: StateIndex;
  /** Resources of GitHub that stay although the stack does not manage them any more. */
  readonly handedOver: readonly StatedResource[];
  /** Repositories and teams that no file names any more. */
  readonly leaving: readonly StatedResource[];
  /** Sentences for the user: what the update will remove, with everything in it. */
  readonly removals: readonly string[];
}

/**
 * Reads the existing objects of the cluster and of GitHub, and checks that the stack may use them. It writes nothing.
 *
 * Requests: one to the cluster; one to GitHub for the organisation, one for each hundred repositories, and for each hundred teams if a tenant has
 * one; one for the files of an existing platform repository; one to a GitHub Enterprise Server for its host keys. After
 * a lost state, one or two more for each repository. One for each repository in the state that GitHub does not list.
 * @throws FleetError with every conflict, and every system that did not answer
 */
export async function runPreflight(spec: FleetSpec, args: PreflightArgs): Promise<PreflightResult> {
  const { environment } = args;
  const stackState = await args.state();
  const before = indexState(stackState, TENANT_LABEL);
  const { results, problems } = await collectProblems({
    namespaces: listNamespaces(),
    repositories: listRepositories(spec.github.owner, environment),
    teams: listTeams(spec, environment),
    hostKeys: findHostKeys(spec, environment),
    base: checkBasePermission(spec, environment),
    owner: readOwnerStack(spec, args.outputs),
  });
  const { repositories, teams, hostKeys, owner = {} } = results;
  const renamed = repositories ? await findRenamed(spec, before, repositories, environment) : new Map();
  const state = withNewNames(before, renamed);
  const known = repositories && { repositories, stated: state, owner };
  const writers = known ? await findWriters(spec, known, environment) : new Map();
  const teamMembers = teams ? await findTeamMembers(spec, { teams, stated: state }, environment) : new Map();
  const found = { ...results, stated: state, renamed, writers, teamMembers };
  const conflicts = findConflicts(spec, found, args.locate);
  if (problems.length + conflicts.length > 0 || !repositories || !teams) {
    throw new FleetError([...problems, ...conflicts]);
  }
  const details = await requireResults({
    platformFiles: findPlatformFiles(spec, repositories, args),
    rulesetsToImport: findRulesetsToImport(spec, repositories, { state: stackState, renamed, environment }),
  });
  const handedOver = findHandedOver(spec, state, teams);
  const leaving = findLeaving(spec, state, handedOver);
  const removals = describeRemovals(spec, state, { handedOver, leaving, renamed });
  const existing = { repositories, teams, ...definedOnly({ hostKeys }), ...details };
  return { existing, state, handedOver, leaving, removals };
}
