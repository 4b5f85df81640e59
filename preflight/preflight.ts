import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import type { GitTokenValues } from "../config/stack/git-tokens.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { collectProblems, requireResults } from "../lib/diagnostics/collect-problems.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { hasApp } from "../lib/github/credentials.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { type LastUpdate, lastUpdate } from "../lib/state/last-update.js";
import type { Repairs } from "../lib/state/repairs.js";
import { indexState, type StackState, type StatedResource, type StateIndex } from "../lib/state/stack-state.js";
import { missingKindProblems } from "./addon-kinds.js";
import { findMissingBranches } from "./branches.js";
import { type ExistingCluster, readCluster } from "./cluster.js";
import { findConflicts } from "./conflicts.js";
import { findDrift } from "./drift.js";
import { describeUnread } from "./drift-words.js";
import { installedFlux } from "./flux-version.js";
import { checkGitTokens, noTokens, type TokenSentences } from "./git-tokens.js";
import { listRepositories, listTeams } from "./github.js";
import { checkInstallation } from "./github-app.js";
import { findHandedOver, findLeaving } from "./handed-over.js";
import { findHeld, stillLeaving } from "./held-repositories.js";
import { findHostKeys } from "./host-keys.js";
import { leavingKinds, losingKindProblems } from "./leaving-kinds.js";
import { changedDefinitions, findLeftovers, isDefinition } from "./leftovers.js";
import { losingRightProblems } from "./losing-rights.js";
import {
  clusterOfTenant,
  describeLeftOut,
  findTenantDrift,
  objectsOfTenant,
  oneTenantProblems,
  stateOfTenant,
} from "./one-tenant.js";
import { type ReadOutputs, type ReadResources, readOwnerStack, withOwnersResources } from "./owner-stack.js";
import { checkOrganisation, findTeamMembers, findWriters } from "./people.js";
import { findPlatformFiles } from "./platform.js";
import { findQuotasBelowUse } from "./quotas-below-use.js";
import {
  identitiesOf,
  identityOf,
  type RegisteredObject,
  registered as registeredObject,
} from "./registered-object.js";
import { registeredObjects } from "./registered-objects.js";
import { describeRemovals } from "./removals.js";
import { findRenamed, type RenamedRepositories, withNewNames } from "./renamed-repositories.js";
import { findRulesetsToImport } from "./rulesets.js";
import { findSuspended } from "./suspended.js";
import { findTakenNames } from "./taken-names.js";
import { findUnprotectable } from "./unprotectable.js";
import { withdrawnRights } from "./withdrawn-rights.js";
import { workflowRight } from "./workflow-right.js";

/** The sources that the preflight checks read, besides the cluster and GitHub. */
export interface PreflightArgs {
  /** `GITHUB_TOKEN` or the variables of a GitHub App, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Environment;
  /** Paths of the files of a new platform repository. */
  readonly platformSeed: readonly string[];
  /** The objects of Flux, hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
  /** Reads the stack's state from before the update. */
  readonly state: () => Promise<StackState>;
  /** Reads the outputs of the stack that creates repositories. */
  readonly outputs: ReadOutputs;
  /** Reads the resources of that stack. */
  readonly resources: ReadResources;
  /** The tokens with which Flux clones by HTTPS, by owner and use. @default - there is none */
  readonly gitTokens?: GitTokenValues;
  /** Returns the place of a tenant's setting, for problems. */
  readonly locate: Locate;
  /** Tenant that the update is limited to. @default - the whole stack is updated */
  readonly only?: string | undefined;
}

/** The existing objects that the components must know of. */
export interface PreflightResult {
  readonly existing: ExistingGitHub;
  /** The stack's state from before the update. */
  readonly state: StateIndex;
  /** The versions of Flux's controllers that the last update left. Empty before the first one. */
  readonly formerFlux: readonly string[];
  /** Resources of GitHub that stay although the stack does not manage them any more. */
  readonly handedOver: readonly StatedResource[];
  /** Repositories and teams that no file names any more. */
  readonly leaving: readonly StatedResource[];
  /** Sentences for the user: what the update will remove, with everything in it. */
  readonly removals: readonly string[];
  /** Objects of the cluster that others changed, and that the update takes back or leaves. */
  readonly repairs: Repairs;
  /** Sentences for the user about the tokens with which Flux clones by HTTPS, and about the program's own. */
  readonly tokens: TokenSentences;
  /** Sentences for the user: who changed what on the cluster, and what becomes of it. */
  readonly drift: readonly string[];
  /** Sentences for the user about quotas that the update lowers below what is used. */
  readonly belowUse: readonly string[];
  /** Sentences for the user about kinds that the account may not read. They do not depend on the cluster's objects. */
  readonly unread: readonly string[];
  /** The tenant that the update is limited to, and the last update. @default - the whole stack is updated */
  readonly only?: { readonly name: string; readonly last: LastUpdate } | undefined;
  /** Sentences for the user: changes that an update of one tenant leaves out. */
  readonly leftOut: readonly string[];
}

/** The findings on the cluster: what the update repairs, and what it refuses. */
function findOnCluster(spec: FleetSpec, cluster: ExistingCluster, args: ClusterFindingsArgs) {
  const { only } = args;
  const registered = identitiesOf(args.registered);
  const isRegistered = (identity: string) => registered.has(identity);
  const { suspended, sentences: all } = findSuspended(spec, cluster, isRegistered);
  const sentences =
    only === undefined ? all : findSuspended(spec, clusterOfTenant(cluster, only), isRegistered).sentences;
  const compared = [args.stackState, cluster, suspended, isRegistered] as const;
  const drift = only === undefined ? { ...findDrift(...compared), leftOut: 0 } : findTenantDrift(only, ...compared);
  const { notes, deleted, leftOut } = drift;
  const lostDefinitions = cluster.lostDefinitions.filter((name) => isRegistered(definitionIdentity(name)));
  const leftovers = findLeftovers(spec, { cluster: { ...cluster, lostDefinitions }, ...args });
  const written = only === undefined ? args.registered : objectsOfTenant(spec, only);
  const taken = findTakenNames(spec, { cluster, ...args, registered: written });
  return {
    repairs: { notes, deleted, suspended },
    drift: [...drift.sentences, ...sentences, ...taken.sentences],
    belowUse: findQuotasBelowUse(spec, cluster, only),
    unread: describeUnread(cluster.refused),
    leftOut,
    problems: [
      ...[...drift.problems, ...taken.problems, ...leftovers],
      ...losingKindProblems(spec, cluster.losingKinds),
      ...losingRightProblems(spec, cluster.losingRights, args.locate),
      ...missingKindProblems(spec, cluster.missingKinds),
    ],
  };
}

function definitionIdentity(name: string): string {
  return identityOf(registeredObject("apiextensions.k8s.io/v1:CustomResourceDefinition", name));
}

interface ClusterFindingsArgs extends Pick<PreflightArgs, "only" | "locate"> {
  readonly state: StateIndex;
  readonly stackState: StackState;
  readonly registered: readonly RegisteredObject[];
  /** The objects of Flux, hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
}

/**
 * Reads the existing objects of the cluster and of GitHub, and checks that the stack may use them. It writes nothing.
 *
 * Requests to the cluster: those of {@link readCluster}, whatever the number of tenants. Requests to GitHub: one for the
 * organisation, one for each hundred repositories, and for each hundred teams if a tenant has one; one for the files of
 * an existing platform repository; one to a GitHub Enterprise Server for its host keys. After a lost state, one or two
 * more for each repository. Those of {@link checkGitTokens}. One for each repository in the state that GitHub does not list, and for each branch of
 * {@link findMissingBranches}.
 * @throws FleetError with every conflict, and every system that did not answer
 */
export async function runPreflight(spec: FleetSpec, args: PreflightArgs): Promise<PreflightResult> {
  const { environment } = args;
  const registered = registeredObjects(spec, args.fluxObjects);
  const stackState = await args.state();
  const before = indexState(stackState, TENANT_LABEL);
  const { results, problems } = await readExisting(spec, { ...args, stackState, registered });
  const { cluster, repositories, teams, hostKeys, organisation = {}, owner: outputs = {} } = results;
  const renamed = repositories ? await findRenamed(spec, before, repositories, environment) : new Map();
  const state = withNewNames(before, renamed);
  const owner = repositories
    ? await withOwnersResources(outputs, { spec, repositories, stated: state }, args.resources)
    : outputs;
  const known = repositories && { repositories, stated: state, owner };
  const writers = known ? await findWriters(spec, known, environment) : new Map();
  const teamMembers = teams ? await findTeamMembers(spec, { teams, stated: state }, environment) : new Map();
  const missing = repositories ? await findMissingBranches(spec, repositories, args) : [];
  const tokens = repositories ? await checkGitTokens(spec, { ...args, repositories, state }) : noTokens;
  const { namespaces } = cluster ?? {};
  const found = definedOnly({ namespaces, repositories, teams });
  const conflicts = findConflicts(spec, { ...found, owner, stated: state, renamed, writers, teamMembers }, args.locate);
  const onCluster = cluster && findOnCluster(spec, cluster, { ...args, state, stackState, registered });
  const last = lastUpdate(stackState);
  const workflows = workflowRight(spec, { organisation, state, stackState, usesApp: hasApp(environment) });
  const going = teams && (await findGoing(spec, { ...args, state, renamed, teams, last }));
  const all = [
    ...[...problems, ...conflicts, ...missing, ...tokens.problems, ...workflows.problems],
    ...findUnprotectable(spec, organisation, args.locate),
    ...(onCluster?.problems ?? []),
    ...(going?.problems ?? []),
  ];
  if (all.length > 0 || !repositories || !teams || !onCluster || !going) throw new FleetError(all);
  const details = await requireResults({
    platformFiles: findPlatformFiles(spec, repositories, args),
    rulesetsToImport: findRulesetsToImport(spec, repositories, { state: stackState, renamed, environment }),
  });
  const { handedOver, leaving, removals } = going;
  const existing = { repositories, teams, ...definedOnly({ hostKeys }), ...details };
  const { repairs, drift, belowUse, unread, leftOut: count } = onCluster;
  const formerFlux = installedFlux(stackState);
  const sentences = { ...tokens, notes: [...tokens.notes, ...workflows.notes] };
  const shared = { existing, state, formerFlux, handedOver, leaving, removals, tokens: sentences };
  const result = { ...shared, repairs, drift, belowUse, unread };
  const { only } = args;
  if (only === undefined || last === undefined) return { ...result, leftOut: [] };
  return {
    ...result,
    only: { name: only, last },
    leftOut: describeLeftOut(spec, last, { tenant: only, drift: count }),
  };
}

interface ReadArgs extends Pick<PreflightArgs, "environment" | "fluxObjects" | "only" | "outputs"> {
  readonly stackState: StackState;
  readonly registered: readonly RegisteredObject[];
}

/** Asks the cluster, GitHub and the stack that creates repositories, all at once. */
async function readExisting(spec: FleetSpec, args: ReadArgs) {
  const { environment, fluxObjects, stackState: state, registered } = args;
  const app = checkInstallation(spec, environment);
  return await collectProblems({
    cluster: readCluster({
      state,
      definitions: changedDefinitions(fluxObjects.filter(isDefinition), state),
      leaving: leavingKinds(state, fluxObjects),
      withdrawn: withdrawnRights(spec, state, args.only),
      registered,
      addons: spec.platform.addons,
    }),
    repositories: app.then(() => listRepositories(spec.github.owner, environment)),
    teams: app.then(() => listTeams(spec, environment)),
    hostKeys: app.then(() => findHostKeys(spec, environment)),
    organisation: app.then(() => checkOrganisation(spec, environment)),
    owner: readOwnerStack(spec, args.outputs),
  });
}

interface GoingArgs extends Pick<PreflightArgs, "only" | "outputs" | "resources"> {
  readonly state: StateIndex;
  readonly renamed: RenamedRepositories;
  readonly teams: ExistingGitHub["teams"];
  readonly last: LastUpdate | undefined;
}

/** The objects of GitHub and of the cluster that the update removes, or of which it makes another owner. */
async function findGoing(spec: FleetSpec, { state, renamed, teams, last, only, ...read }: GoingArgs) {
  const handedOver = findHandedOver(spec, state, teams);
  const leaving = findLeaving(spec, state, handedOver);
  if (only === undefined) {
    const held = await findHeld(spec, state, read);
    return {
      handedOver,
      leaving: [...leaving, ...stillLeaving(state, held)],
      removals: describeRemovals(spec, state, { handedOver, leaving, renamed, held }),
      problems: [],
    };
  }
  const problems = oneTenantProblems(spec, { tenant: only, last, state, going: [...handedOver, ...leaving] });
  const none = { handedOver: [], leaving: [] };
  return { ...none, removals: describeRemovals(spec, stateOfTenant(state, only), { ...none, renamed }), problems };
}
