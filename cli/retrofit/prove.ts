import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { object } from "../../lib/kubernetes/object-forms.js";
import type { RetrofitFacts } from "../../operate/retrofit/facts.js";
import { type AppliedObject, appliedText, inventoryOf } from "../../operate/retrofit/inventory.js";
import {
  judgeDryRun,
  judgeRights,
  proofApply,
  type SyncProof,
  unknownObstacle,
  unservedObstacles,
} from "../../operate/retrofit/proof.js";
import { type KnownResources, type NeededRight, neededRights, plannedAccess } from "../../operate/retrofit/rights.js";
import type { Obstacle } from "../../operate/retrofit/step.js";
import type { RetrofittedSync } from "../../operate/retrofit/sync-accounts.js";
import { acceptOf } from "../../preflight/api-server.js";
import type { ApiClient } from "../cluster/api-client.js";
import { reviewAccess } from "../cluster/review-access.js";
import { messageIn, missingRight, unanswered } from "../verify/cluster-refusal.js";
import { discoverResources } from "./discover.js";
import { pathOfObject } from "./object-path.js";
import { type ReleaseContent, readRelease } from "./read-release.js";

/** A sync with all that it has applied. */
interface AppliedSync extends ReleaseContent {
  readonly one: RetrofittedSync & { readonly account: string };
}

/** The arguments of {@link proveSyncs}. */
export interface ProveArgs {
  readonly facts: RetrofitFacts;
  readonly syncs: readonly RetrofittedSync[];
  /** Whether the accounts are there. Otherwise, the rules of the plan answer, and nothing is applied. */
  readonly hasAccounts: boolean;
}

/**
 * Proves that each sync can apply as its account, by access reviews and server-side dry runs. Suspended syncs apply
 * nothing, and syncs without an account have obstacles already.
 * @throws CouldNotLookError when the account of KUBECONFIG may not ask, or the API server does not judge
 */
export async function proveSyncs(client: ApiClient, { facts, syncs, hasAccounts }: ProveArgs): Promise<SyncProof> {
  const judged = syncs.flatMap((one) => {
    const { suspend } = one.sync.object.spec as { readonly suspend?: boolean };
    const { account } = one;
    return account === undefined || suspend === true ? [] : [{ ...one, account }];
  });
  const applied = await Promise.all(judged.map((one) => readApplied(client, one)));
  const resources = await discoverResources(
    client,
    applied.flatMap(({ objects }) => objects),
  );
  const proofs = await Promise.all(applied.map((one) => prove(client, one, { facts, resources, hasAccounts })));
  const sum = (count: (one: OneProof) => number) => proofs.reduce((total, one) => total + count(one), 0);
  return {
    obstacles: proofs.flatMap(({ obstacles }) => obstacles),
    rights: sum(({ rights }) => rights),
    dryRuns: sum(({ dryRuns }) => dryRuns),
    isPredicted: !hasAccounts,
  };
}

async function readApplied(client: ApiClient, one: AppliedSync["one"]): Promise<AppliedSync> {
  const inventory = inventoryOf(one.sync.object);
  if (one.sync.kind === "Kustomization") return { one, objects: inventory ?? [] };
  return { one, ...(await readRelease(client, one.sync.object, inventory)) };
}

interface ProofContext {
  readonly facts: RetrofitFacts;
  readonly resources: KnownResources;
  readonly hasAccounts: boolean;
}

type OneProof = Pick<SyncProof, "obstacles" | "rights" | "dryRuns">;

async function prove(client: ApiClient, applied: AppliedSync, context: ProofContext): Promise<OneProof> {
  const { one, objects, storage, unknown } = applied;
  const { facts, resources, hasAccounts } = context;
  const rights = neededRights(objects, resources, storage);
  const answers = await answerRights(client, one, rights, { facts, hasAccounts });
  const obstacles = [
    ...(unknown === undefined ? [] : [unknownObstacle(one, unknown)]),
    ...unservedObstacles(one, objects, resources),
    ...judgeRights(one, rights, answers, facts),
  ];
  if (!hasAccounts) return { obstacles, rights: rights.length, dryRuns: 0 };
  // An object without rights is refused anyway, and its obstacle says so already.
  const refused = new Set(rights.flatMap((right, index) => (answers[index] ? [] : right.objects)));
  const tried = objects.filter((each) => !refused.has(appliedText(each)));
  const results = await Promise.all(tried.map((each) => dryRun(client, one, each, context)));
  const failed = results.flatMap((result) => (result === undefined || result === "accepted" ? [] : [result]));
  const dryRuns = results.filter((result) => result !== undefined).length;
  return { obstacles: [...obstacles, ...failed], rights: rights.length, dryRuns };
}

/**
 * Whether the account has each right. An account of the plan needs it by the plan's own bindings, too: the retrofit deletes all
 * others later, and nothing would prove the syncs again.
 */
async function answerRights(
  client: ApiClient,
  one: AppliedSync["one"],
  rights: readonly NeededRight[],
  { facts, hasAccounts }: Pick<ProofContext, "facts" | "hasAccounts">,
): Promise<boolean[]> {
  const { namespace } = one.sync;
  const hasByPlan = plannedAccess(facts.planned, namespace, one.account);
  if (!hasAccounts) return rights.map(hasByPlan);
  const isOfPlan = facts.planned.some(({ kind, metadata }) => {
    return kind === "ServiceAccount" && metadata.namespace === namespace && metadata.name === one.account;
  });
  const live = await Promise.all(rights.map((right) => askRight(client, one, right)));
  return rights.map((right, index) => live[index] === true && (!isOfPlan || hasByPlan(right)));
}

async function askRight(client: ApiClient, { sync, account = "" }: RetrofittedSync, right: NeededRight) {
  const { objects: _, ...resourceAttributes } = right;
  const { user, groups } = identityOf(sync.namespace, account);
  const answer = await reviewAccess(client, { user, groups, resourceAttributes });
  const { status, body } = answer;
  const { status: review } = Object(body) as { readonly status?: { readonly allowed?: unknown } };
  if (typeof review?.allowed === "boolean" && status < 300) return review.allowed;
  throw unanswered(client.server, "review the access of an account", answer);
}

function identityOf(namespace: string, account: string) {
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { user: `system:serviceaccount:${namespace}:${account}`, groups };
}

/** @returns undefined for an object that is not there: the controller would create it, which the rights cover */
async function dryRun(
  client: ApiClient,
  one: AppliedSync["one"],
  applied: AppliedObject,
  { facts, resources }: Pick<ProofContext, "facts" | "resources">,
): Promise<Obstacle | "accepted" | undefined> {
  const path = pathOfObject(applied, resources);
  const live = path === undefined ? undefined : await readLive(client, path, applied);
  if (path === undefined || live === undefined) return undefined;
  const { manager, body } = proofApply(one, applied, live);
  const { user, groups } = identityOf(one.sync.namespace, one.account);
  const answer = await client.send({
    method: "PATCH",
    path: `${path}?dryRun=All&force=true&fieldManager=${manager}`,
    body,
    headers: { "content-type": "application/apply-patch+yaml", "impersonate-user": user, "impersonate-group": groups },
  });
  const message = messageIn(answer.body);
  if (answer.status === 403 && message.includes("cannot impersonate")) {
    throw missingRight(client.server, "impersonate serviceaccounts", message);
  }
  if (answer.status === 429 || answer.status >= 500) throw unanswered(client.server, "judge a dry run", answer);
  const { status, warnings = [] } = answer;
  return judgeDryRun(one, applied, { status, message, warnings }, facts.planned) ?? "accepted";
}

/** Values of Secrets are not read: their metadata is enough. */
async function readLive(client: ApiClient, path: string, { kind }: AppliedObject): Promise<LiveObject | undefined> {
  const headers = acceptOf(kind === "Secret" ? "PartialObjectMetadata" : undefined);
  const answer = await client.send({ path, headers });
  if (answer.status === 404) return undefined;
  if (answer.status === 403) throw missingRight(client.server, `get ${path}`, messageIn(answer.body));
  const parsed = object.safeParse(answer.body);
  if (answer.status === 200 && parsed.success) return parsed.data;
  throw unanswered(client.server, `get ${path}`, answer);
}
