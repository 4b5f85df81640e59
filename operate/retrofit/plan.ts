import { accountChanges } from "./account-changes.js";
import { adoptionCommands, isAdopted } from "./adoption.js";
import { bindingChanges } from "./binding-changes.js";
import type { RetrofitFacts } from "./facts.js";
import { flagChanges, flagObstacles } from "./flag-changes.js";
import { installationObstacles } from "./installation.js";
import type { SyncProof } from "./proof.js";
import { referrerObstacles } from "./reference-obstacles.js";
import { type RetrofitStep, type StepId, stepIds } from "./step.js";
import { remoteObstacles, retrofittedSyncs, strayObstacles } from "./sync-accounts.js";
import { readinessObstacles, staleObstacles, syncChanges } from "./sync-changes.js";
import { syncWarnings } from "./sync-warnings.js";

/** The words of a step. */
type StepWords = Pick<RetrofitStep, "title" | "why" | "proof" | "undo">;

const words: Readonly<Record<StepId, StepWords>> = {
  accounts: {
    title: "Create the accounts of the syncs, their bindings and roles",
    why: "Each sync needs an account whose rights end at its namespace. Nothing uses them yet.",
    proof: "a server-side dry run of each object",
    undo: "fleet retrofit --undo accounts deletes those that it created, as long as no sync names them",
  },
  proof: {
    title: "Prove that each sync applies as its account",
    why: "A sync without a right would stop to apply, and nothing would say so before.",
    proof: "access reviews and a server-side dry run of each object that a sync has applied, as its account",
    undo: "nothing to take back: it changes nothing",
  },
  syncs: {
    title: "Have each sync apply as its account",
    why: "A sync without an account applies with the rights of Flux's controllers: those of the whole cluster.",
    proof: "the step before, and a server-side dry run of each change",
    undo: "fleet retrofit --undo syncs sets the former account again",
  },
  flags: {
    title: "Lock Flux's controllers down",
    why: "With these flags, a new sync without an account has no rights, and no sync reads sources of other namespaces.",
    proof: "every sync is Ready as its account, and a server-side dry run of each Deployment",
    undo: "fleet retrofit --undo flags sets the former arguments again",
  },
  adoption: {
    title: "Let the program take the cluster over",
    why: "From then on, pulumi up registers accounts, limits, policies and syncs, and Flux itself.",
    proof: "pulumi preview. With fleet:admission: audit, the proof then names what the program's policies would refuse",
    undo: "before pulumi up: flux resume kustomization, with prune and deletionPolicy of its file. After it, the objects are the program's, and pulumi destroy deletes them",
  },
  bindings: {
    title: "Delete bindings that give tenants more than the files say",
    why: "RBAC only adds rights, so one such binding makes all limits void.",
    proof: "a server-side dry run of each deletion, of the object that was read",
    undo: "fleet retrofit --undo bindings creates them again as they were",
  },
  verify: {
    title: "Prove that the cluster is what the files say",
    why: "The access matrix, dry runs of known violations and every field are compared with the program.",
    proof: "the command only reads",
    undo: "nothing to take back: it changes nothing",
  },
};

/** The content of a step, as far as it differs between clusters. */
type StepContent = Pick<RetrofitStep, "changes" | "obstacles" | "warnings" | "commands"> & {
  /** Whether the step is done once it has neither changes nor obstacles. */
  readonly isDone: boolean;
};

/** The adoption before it is made. Commands that would leave a part out are none to run. */
function adoptionContent(facts: RetrofitFacts): StepContent {
  const obstacles = installationObstacles(facts);
  return {
    changes: [],
    obstacles,
    warnings: [],
    commands: obstacles.length > 0 ? [] : adoptionCommands(facts),
    isDone: false,
  };
}

/** The steps of a retrofit. All of it is computed from the cluster as it is, so a step that was cut off goes on. */
export function planRetrofit(facts: RetrofitFacts, proof: SyncProof): RetrofitStep[] {
  const syncs = retrofittedSyncs(facts);
  const none = { changes: [], obstacles: [], warnings: [], commands: [] };
  const changesOfSyncs = syncChanges(facts, syncs);
  const adopted = isAdopted(facts);
  const content: Readonly<Record<StepId, StepContent>> = {
    accounts: { ...none, changes: accountChanges(facts), isDone: true },
    proof: {
      ...none,
      obstacles: [
        ...strayObstacles(facts),
        ...syncs.flatMap((one) => one.obstacles),
        ...staleObstacles(syncs),
        ...remoteObstacles(facts),
        ...referrerObstacles(facts),
        ...proof.obstacles,
      ],
      isDone: !proof.isPredicted,
    },
    syncs: {
      ...none,
      changes: changesOfSyncs,
      // Before the change, the syncs show nothing about their accounts.
      obstacles: changesOfSyncs.length > 0 ? [] : readinessObstacles(syncs),
      warnings: syncWarnings(facts, syncs),
      isDone: true,
    },
    flags: { ...none, changes: flagChanges(facts), obstacles: flagObstacles(facts), isDone: true },
    adoption: adopted ? { ...none, isDone: true } : adoptionContent(facts),
    bindings: { ...none, changes: bindingChanges(facts), isDone: true },
    verify: { ...none, commands: [`npx fleet verify ${facts.stack}`], isDone: false },
  };
  let isReady = true;
  return stepIds.map((id) => {
    const { isDone, ...rest } = content[id];
    const isClean = rest.changes.length === 0 && rest.obstacles.length === 0;
    const state = isDone && isClean ? "done" : isReady && rest.obstacles.length === 0 ? "open" : "blocked";
    isReady &&= state === "done";
    return { id, ...words[id], state, ...rest };
  });
}
