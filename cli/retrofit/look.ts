import { z } from "zod";
import { accountChanges } from "../../operate/retrofit/account-changes.js";
import { type RetrofitFacts, retrofitFacts } from "../../operate/retrofit/facts.js";
import type { ReleasedFlux } from "../../operate/retrofit/installation.js";
import { planRetrofit } from "../../operate/retrofit/plan.js";
import type { SyncProof } from "../../operate/retrofit/proof.js";
import type { RetrofitStep } from "../../operate/retrofit/step.js";
import { retrofittedSyncs } from "../../operate/retrofit/sync-accounts.js";
import type { PlannedObject } from "../../operate/verify/planned-objects.js";
import { readAuditedCluster } from "../audit/read-cluster.js";
import type { ApiClient } from "../cluster/api-client.js";
import { CouldNotLookError } from "../exit-code.js";
import { proveSyncs } from "./prove.js";
import { readInstallation } from "./read-installation.js";

/** The stack that takes a cluster over. */
export interface RetrofitStack {
  readonly context: string;
  readonly stack: string;
  readonly planned: readonly PlannedObject[];
  readonly release: ReleasedFlux;
}

/** A look at a cluster, and the steps that follow from it. */
export interface RetrofitLook {
  readonly facts: RetrofitFacts;
  readonly proof: SyncProof;
  readonly steps: readonly RetrofitStep[];
}

/**
 * Reads a cluster, proves that its syncs apply as their accounts, and plans the steps. Nothing is changed.
 * @throws CouldNotLookError when a part cannot be read: a step could rest on it
 */
export async function lookAtRetrofit(client: ApiClient, stack: RetrofitStack): Promise<RetrofitLook> {
  const facts = await readFacts(client, stack);
  return await inKnownForm(stack.context, async () => {
    const syncs = retrofittedSyncs(facts);
    const proof = await proveSyncs(client, { facts, syncs, hasAccounts: accountChanges(facts).length === 0 });
    return { facts, proof, steps: planRetrofit(facts, proof) };
  });
}

/** Reads a cluster again, with the proof of before. */
export async function lookAgain(client: ApiClient, stack: RetrofitStack, proof: SyncProof): Promise<RetrofitLook> {
  const facts = await readFacts(client, stack);
  return await inKnownForm(stack.context, async () => ({ facts, proof, steps: planRetrofit(facts, proof) }));
}

async function readFacts(client: ApiClient, stack: RetrofitStack): Promise<RetrofitFacts> {
  const { cluster, problems } = await readAuditedCluster(client);
  const problem = (message: string) => ({ file: stack.context, path: "", message });
  if (problems.length > 0) throw new CouldNotLookError(problems.map(problem));
  const facts = await inKnownForm(stack.context, async () => retrofitFacts({ ...stack, cluster, unaudited: {} }));
  if (facts.controllers.length === 0) throw new CouldNotLookError([problem("it runs no controller of Flux")]);
  const { unaudited, problems: unread } = await readInstallation(client, facts);
  if (unread.length > 0) throw new CouldNotLookError(unread.map(problem));
  return { ...facts, unaudited };
}

/** @throws CouldNotLookError for an object of another form than Flux and Kubernetes have */
async function inKnownForm<Result>(context: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join(".") ?? "";
    const message = `an object has a form that this version does not know: ${path}`;
    throw new CouldNotLookError([{ file: context, path: "", message }]);
  }
}
