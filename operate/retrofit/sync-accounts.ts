import { PLATFORM_RECONCILER } from "../../config/names.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { reconciler } from "../../policies/rbac/reconciler.js";
import { placeOf } from "../audit/audited-cluster.js";
import { foreignReferences } from "../audit/judge-references.js";
import type { AuditedSync } from "../audit/syncs.js";
import { fluxNamespace, type RetrofitFacts } from "./facts.js";
import { misplacedSyncs } from "./misplaced-syncs.js";
import type { Obstacle } from "./step.js";

/** A sync, and the account of its namespace that applies its content after the retrofit. */
export interface RetrofittedSync {
  readonly sync: AuditedSync;
  /** Undefined where its namespace has none. */
  readonly account: string | undefined;
  /** The reasons why it cannot work under lockdown. */
  readonly obstacles: readonly Obstacle[];
}

/** The syncs of a cluster with their accounts. */
export function retrofittedSyncs(facts: RetrofitFacts): RetrofittedSync[] {
  const misplaced = misplacedSyncs(facts);
  return facts.syncs.map((sync) => {
    const obstacle = (message: string, fix: string): Obstacle => ({ object: syncText(sync), message, fix });
    const references = referenceObstacles(sync, obstacle);
    if (sync.namespace === fluxNamespace(facts)) {
      const found = misplaced.get(sync);
      const own = found === undefined ? [] : [obstacle(found.message, found.fix)];
      return { sync, account: sync.named ?? PLATFORM_RECONCILER, obstacles: [...references, ...own] };
    }
    if (facts.tenants.has(sync.namespace)) {
      return { sync, account: reconciler, obstacles: [...references, ...targetObstacles(sync, obstacle)] };
    }
    const message = `is in the namespace ${sync.namespace}, which no tenant of the stack ${facts.stack} has`;
    const fix = `Write a tenant file for the namespace, or move the sync to the platform's: ${filesCommand(facts)}`;
    return { sync, account: undefined, obstacles: [...references, obstacle(message, fix)] };
  });
}

/**
 * Syncs to other clusters that cannot work under lockdown. A controller impersonates the account of a sync there as well, and
 * admission refuses a kubeconfig to tenants.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 */
export function remoteObstacles(facts: RetrofitFacts): Obstacle[] {
  return facts.remoteSyncs.flatMap((sync): Obstacle[] => {
    const object = syncText(sync);
    if (sync.namespace !== fluxNamespace(facts)) {
      const message = "applies to another cluster by its kubeconfig, which admission refuses to tenants";
      return [{ object, message, fix: `Move it to ${fluxNamespace(facts)}, or apply from a Flux on that cluster` }];
    }
    if (sync.named !== undefined) return [];
    const message = "names no account, so --default-service-account would have it act as default on the other cluster";
    return [{ object, message, fix: "Create an account there, and name it in spec.serviceAccountName" }];
  });
}

/** Controllers outside of the namespace in which the program has Flux: its accounts and flags are not for these. */
export function strayObstacles({ strayControllers }: RetrofitFacts): Obstacle[] {
  return strayControllers.map(({ deployment, component, namespace }) => ({
    object: `Deployment ${placeOf(deployment.object.metadata)}`,
    message: `has the name and rights of ${component} in ${namespace}, and the program has Flux in ${FLUX_NAMESPACE}`,
    fix: `Install Flux in ${FLUX_NAMESPACE}, move its objects there, and delete the Deployment with its bindings`,
  }));
}

/** The command that writes the files of tenants from a cluster. */
export function filesCommand({ context, stack }: Pick<RetrofitFacts, "context" | "stack">): string {
  return `npx fleet tenant import --context ${shellWord(context)} --stack ${shellWord(stack)}`;
}

/** `Kustomization payments/app` */
export function syncText({ kind, object }: AuditedSync): string {
  return `${kind} ${placeOf(object.metadata)}`;
}

type MakeObstacle = (message: string, fix: string) => Obstacle;

/** References that `--no-cross-namespace-refs` refuses. */
function referenceObstacles(sync: AuditedSync, obstacle: MakeObstacle): Obstacle[] {
  return foreignReferences(sync).map(({ path, name, namespace = "" }) => {
    const field = path.slice("/spec/".length).replaceAll("/", ".");
    const message = `${field} leads to ${namespace}/${name}, which --no-cross-namespace-refs refuses`;
    return obstacle(message, `Create a source of its own in ${sync.namespace}, and remove ${field}.namespace`);
  });
}

interface Targets {
  readonly targetNamespace?: string;
  readonly storageNamespace?: string;
}

/** An account has rights in its own namespace alone. */
function targetObstacles(sync: AuditedSync, obstacle: MakeObstacle): Obstacle[] {
  const spec = sync.object.spec as Targets;
  return (["targetNamespace", "storageNamespace"] as const).flatMap((field) => {
    const target = spec[field];
    if (target === undefined || target === sync.namespace) return [];
    const message = `${field} is ${target}, where ${sync.namespace}/${reconciler} has no rights`;
    return [obstacle(message, `Move the sync to ${target}, if that is the tenant's, or remove ${field}`)];
  });
}
