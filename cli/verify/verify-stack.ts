import { setTimeout as delay } from "node:timers/promises";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { gitHubHost } from "../../config/stack/environment.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { hasCredentials, readCredentials } from "../../lib/github/credentials.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { findForeignBindings } from "../../operate/access/foreign-bindings.js";
import { accessMatrix } from "../../operate/access/matrix.js";
import { judgeReviews, matrixRights, plannedReviews, tenantAccounts } from "../../operate/access/reviews.js";
import { judgeDryRuns, plannedDryRuns } from "../../operate/verify/admission.js";
import { findStoppedControllers } from "../../operate/verify/controllers.js";
import { findDrift } from "../../operate/verify/drift.js";
import { findForeignExtensions, platformsObjects } from "../../operate/verify/extensions.js";
import { type Finding, sortFindings } from "../../operate/verify/finding.js";
import { findGitHubDrift, type OtherStack } from "../../operate/verify/github.js";
import { expectedRepositories, type LiveRepository } from "../../operate/verify/github-objects.js";
import { findLeftOver } from "../../operate/verify/left-over.js";
import { type PlannedObject, plannedObjects } from "../../operate/verify/planned-objects.js";
import { findPlatformSyncs } from "../../operate/verify/platform-syncs.js";
import { judgeReplays, plannedReplays } from "../../operate/verify/replays.js";
import { type BranchHeads, findLateSyncs } from "../../operate/verify/syncs.js";
import { checkResults, type KeyAtGitHub, type Verification } from "../../operate/verify/verification.js";
import type { StackPlan } from "../../review/planned-resource.js";
import { type KnownGitHub, organisationOn } from "../../review/record/assumed-github.js";
import type { ApiClient } from "../cluster/api-client.js";
import { CouldNotLookError } from "../exit-code.js";
import type { PlanStackArgs } from "../plan-stack.js";
import { askDryRuns, askReviews, requireStackCluster } from "./ask-cluster.js";
import { atCluster, connect } from "./at-cluster.js";
import { type ReadCluster, readClusterObjects } from "./read-cluster.js";
import { type GitHubReader, gitHubReader, knownGitHub, readRepositories } from "./read-github.js";
import { headsOfUnmoved, type SettleTimes, withSettledSyncs } from "./settled-syncs.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** The systems that a verification uses, for tests. */
export interface VerifySystems {
  /**
   * Logs in to the cluster.
   * @param context of KUBECONFIG @default - the current one
   * @throws FleetError with the problems of the kubeconfig, or of its login plugin
   */
  readonly connect: (environment: Variables, context?: string) => Promise<ApiClient>;
  readonly plan: (args: PlanStackArgs) => Promise<StackPlan>;
  readonly now: () => number;
  /** The time for the runs of syncs to end. */
  readonly settle: SettleTimes;
}

/** The systems of this process. */
const verifySystems: VerifySystems = {
  connect,
  // Imported here, because the bundler takes time to load.
  plan: async (args) => (await import("../plan-stack.js")).planStack(args),
  now: Date.now,
  settle: { now: () => performance.now(), pause: async () => await delay(1000), limitMs: 60_000 },
};

/** The arguments of {@link verifyStack}. */
export interface VerifyArgs {
  readonly root: string;
  readonly stack: string;
  /** The other stacks of the checkout. */
  readonly others: readonly OtherStack[];
  readonly spec: FleetSpec;
  /** Context of KUBECONFIG. @default - the current one */
  readonly context?: string | undefined;
  readonly manifests?: string | undefined;
  readonly withoutGitHub: boolean;
  /** Host and port of GitHub's clone URLs, where GitHub is not asked. @default - the host of its pages, and the usual port */
  readonly sshAddress?: string | undefined;
  /** Extensions of the API server that are no findings: `MutatingWebhookConfiguration NAME`. */
  readonly accepted: readonly string[];
  /** @default - any age */
  readonly maxKeyDays?: number | undefined;
  readonly environment: Variables;
  /** Says what happens. */
  readonly progress: (line: string) => void;
}

/**
 * Compares a live cluster, and GitHub, with the plan of a stack. It only reads: dry runs and reviews store nothing.
 * @throws CouldNotLookError when a system does not answer, or refuses
 */
export async function verifyStack(args: VerifyArgs, use: VerifySystems = verifySystems): Promise<Verification> {
  const begin = use.now();
  const login = () => use.connect(args.environment, args.context);
  return await atCluster(login, async (client) => {
    args.progress("reading the cluster's identity");
    await requireStackCluster(client, args.stack);
    const gitHub = args.withoutGitHub ? undefined : readerOf(args);
    const known = await organisationOf(args, gitHub);
    args.progress("computing the plan of the stack");
    const { root, stack, manifests } = args;
    const plan = await use.plan({ root, stack, manifests, gitHub: known });
    return await judge({ args, use, client, gitHub, plan, begin });
  });
}

interface JudgeArgs {
  readonly args: VerifyArgs;
  readonly use: VerifySystems;
  readonly client: ApiClient;
  readonly gitHub: GitHubReader | undefined;
  readonly plan: StackPlan;
  readonly begin: number;
}

async function judge({ args, use, client, gitHub, plan, begin }: JudgeArgs): Promise<Verification> {
  const { stack, spec, progress } = args;
  const planned = plannedObjects(plan);
  const tenants = tenantNamespaces(planned);
  progress("reading the objects of the cluster");
  const cluster = await readClusterObjects(client, planned);
  const accounts = tenantAccounts(planned);
  const reviews = plannedReviews(accounts, FLUX_NAMESPACE);
  progress(`asking ${reviews.length} access reviews`);
  const answers = await askReviews(client, reviews);
  const { runs, unproven } = plannedDryRuns(planned, spec.admission.images.registries);
  progress(`sending ${runs.length} dry runs of known violations`);
  const admission = judgeDryRuns(runs, await askDryRuns(client, runs), unproven);
  const identities = new Set(planned.map(({ identity }) => identity));
  const replays = plannedReplays(cluster.listed, tenants, identities);
  progress(`sending ${replays.length} dry runs of tenants' own objects`);
  const refused = judgeReplays(replays, await askDryRuns(client, replays));
  if (gitHub !== undefined) progress("reading GitHub");
  const onGitHub = await judgeGitHub({ args, use, gitHub, plan, planned, cluster });
  progress("waiting for the runs of syncs");
  const settled = await withSettledSyncs(client, cluster, { planned: identities, tenants }, use.settle);
  const heads = headsOfUnmoved(onGitHub.heads, cluster, settled);
  const all = sortFindings([
    ...clusterFindings(stack, { planned, cluster: settled, tenants, heads }),
    ...judgeReviews(reviews, answers),
    ...admission.findings,
    ...refused,
    ...onGitHub.findings,
  ]);
  const isAccepted = ({ kind, object }: Finding) => kind === "extension-foreign" && args.accepted.includes(object);
  const findings = all.filter((one) => !isAccepted(one));
  const asked = reviews.length + cluster.access.bindings.length;
  const looked = { admission: runs.length + replays.length, access: asked, gitHub: onGitHub.looked };
  return {
    stack,
    cluster: client.server,
    at: new Date(begin).toISOString(),
    holds: findings.length === 0,
    checks: checkResults(findings, lookedAt(planned, looked), gitHub ? {} : { gitHub: "--without-github" }),
    matrix: matrixOf(accounts.length, tenants.size, { bindings: cluster.access.bindings, reviews }),
    accounts: accessMatrix({ accounts, planned, live: cluster.access, tenants, reviews, answers }),
    admission: { proven: admission.proven, unproven: admission.unproven, dryRuns: admission.dryRuns },
    accepted: all.filter(isAccepted).map(({ object }) => object),
    keys: onGitHub.keys,
    unread: onGitHub.unread,
    requests: { cluster: client.requests(), gitHub: gitHub?.requests() ?? 0 },
    seconds: Math.round((use.now() - begin) / 100) / 10,
  };
}

interface ClusterFacts {
  readonly planned: readonly PlannedObject[];
  readonly cluster: ReadCluster;
  readonly tenants: ReadonlyMap<string, string>;
  readonly heads: BranchHeads;
}

/** The findings that follow from the objects of the cluster. */
function clusterFindings(stack: string, { planned: objects, cluster, tenants, heads }: ClusterFacts): Finding[] {
  const { listed, objects: live, access } = cluster;
  const planned = new Set(objects.map(({ identity }) => identity));
  const isOfPlatform = platformsObjects(listed, planned, tenants);
  return [
    ...findDrift(objects, live),
    ...findStoppedControllers(objects, live),
    ...findLeftOver(listed, { stack, planned }),
    ...findForeignBindings(access, tenants, planned),
    ...findForeignExtensions(listed, planned, isOfPlatform),
    ...findPlatformSyncs(listed, { tenants, planned, isOfPlatform }),
    ...findLateSyncs(objects, live, heads),
  ];
}

function matrixOf(
  accounts: number,
  namespaces: number,
  { bindings, reviews }: Readonly<Record<"bindings" | "reviews", readonly unknown[]>>,
): Verification["matrix"] {
  const rights = matrixRights.length;
  const cells = accounts * rights * (namespaces + 1);
  return { accounts, namespaces, rights, cells, bindings: bindings.length, reviews: reviews.length };
}

/** Namespaces of the plan's tenants: name → tenant. */
function tenantNamespaces(planned: readonly PlannedObject[]): ReadonlyMap<string, string> {
  return new Map(
    planned.flatMap(({ kind, metadata, owner: { tenant } }): [string, string][] => {
      return kind === "Namespace" && tenant !== undefined ? [[metadata.name, tenant]] : [];
    }),
  );
}

const bounds = ["NetworkPolicy", "ResourceQuota", "LimitRange", "Namespace"];
const syncKinds = ["Kustomization", "GitRepository", "HelmRelease", "OCIRepository", "Bucket", "Receiver"];

function lookedAt(
  planned: readonly PlannedObject[],
  asked: Readonly<Record<"admission" | "access" | "gitHub", number>>,
) {
  const count = (kinds: readonly string[]) => planned.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    ...asked,
    controllers: count(["Deployment"]),
    objects: planned.length,
    bounds: count(bounds),
    syncs: count(syncKinds),
  };
}

function readerOf({ spec, environment }: VerifyArgs): GitHubReader {
  const { problems } = readCredentials(environment);
  if (problems.length > 0) throw new CouldNotLookError(problems);
  const owner = spec.github.owner || environment.GITHUB_OWNER || "";
  const missing = hasCredentials(environment) ? (owner ? undefined : "GITHUB_OWNER") : "GITHUB_TOKEN";
  if (missing === undefined) return gitHubReader(owner, environment);
  const fix = "Set it, or leave GitHub out: --without-github";
  throw new CouldNotLookError([{ file: "environment", path: missing, message: "is not set", fix }]);
}

/** The organisation of the environment. Without GitHub, the addresses of its pages' host are expected. */
async function organisationOf(args: VerifyArgs, reader: GitHubReader | undefined): Promise<KnownGitHub | undefined> {
  const { spec, environment } = args;
  const host = gitHubHost(environment);
  if (reader !== undefined) return await knownGitHub(reader, spec.platform.repository.name, host);
  const owner = spec.github.owner || environment.GITHUB_OWNER || "";
  if (owner === "") {
    const message = "is not set, and neither is fleet:githubOwner, so the addresses of repositories are unknown";
    throw new CouldNotLookError([{ file: "environment", path: "GITHUB_OWNER", message, fix: "Set it" }]);
  }
  return organisationOn(host, owner, args.sshAddress);
}

interface GitHubJudgeArgs extends Pick<JudgeArgs, "args" | "use" | "gitHub" | "plan"> {
  readonly planned: readonly PlannedObject[];
  readonly cluster: ReadCluster;
}

interface GitHubJudgement {
  readonly findings: readonly Finding[];
  readonly heads: BranchHeads;
  readonly looked: number;
  readonly keys: readonly KeyAtGitHub[];
  /** Parts of GitHub that the token may not read, and that no file asks for. */
  readonly unread: readonly string[];
}

async function judgeGitHub({ args, use, gitHub, plan, planned, cluster }: GitHubJudgeArgs): Promise<GitHubJudgement> {
  if (gitHub === undefined) return { findings: [], heads: new Map(), looked: 0, keys: [], unread: [] };
  const { webhookUrl } = args.spec.flux;
  const { objects: live, publicKeys } = cluster;
  const expected = expectedRepositories(plan, { planned, live, publicKeys, webhookUrl });
  const found = await readRepositories(gitHub, expected);
  const { others, maxKeyDays } = args;
  const facts = { organisation: gitHub.owner, stack: args.spec.stack, others, now: use.now(), maxKeyDays };
  const findings = findGitHubDrift(expected, found, facts);
  const unread = [...found].flatMap(([name, { hooks }]) => {
    return hooks === undefined ? [`webhooks of ${gitHub.owner}/${name}`] : [];
  });
  const heads = expected.flatMap(({ name, branches }) => {
    return [...branches].flatMap(([place, branch]): [string, string][] => {
      const head = found.get(name)?.heads.get(branch);
      return head === undefined ? [] : [[place, head]];
    });
  });
  const looked = expected.reduce((sum, one) => sum + one.keys.length + one.rulesets.length + one.hooks.length, 0);
  return { findings, heads: new Map(heads), looked, keys: keysOf(gitHub.owner, found), unread };
}

/** The public halves go no further: a title and an age are enough. */
function keysOf(owner: string, found: ReadonlyMap<string, LiveRepository>): KeyAtGitHub[] {
  return [...found].flatMap(([name, { keys }]) =>
    keys.map(({ title, readOnly, createdAt }) => {
      return { repository: `${owner}/${name}`, title, readOnly, ...definedOnly({ createdAt }) };
    }),
  );
}
