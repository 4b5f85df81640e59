import { isPlainObject } from "../../lib/data/merge.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { auditedTypes } from "../audit/audited-cluster.js";
import type { PatchOperation } from "../audit/patch.js";
import type { AuditedSync } from "../audit/syncs.js";
import { fluxNamespace, type RetrofitFacts } from "./facts.js";
import { fieldPatch, gitPlace } from "./git-place.js";
import { inventoryOf } from "./inventory.js";
import type { Obstacle, RetrofitChange } from "./step.js";
import { type RetrofittedSync, syncText } from "./sync-accounts.js";

/** The changes that have each sync apply as its account. Those with obstacles, and those of no tenant, are left as they are. */
export function syncChanges(facts: RetrofitFacts, syncs: readonly RetrofittedSync[]): RetrofitChange[] {
  return syncs.flatMap((one) => {
    const { sync, account, obstacles } = one;
    if (account === undefined || obstacles.length > 0) return [];
    const operations = [...accountOperations(sync, account), ...targetOperations(sync, facts)];
    if (operations.length === 0) return [];
    const { group, versions } = auditedTypes[sync.kind];
    const tested = { op: "test", path: "/spec", value: sync.object.spec } as const;
    return [
      {
        object: syncText(sync),
        apiVersion: apiVersionOf(sync.object) ?? `${group}/${versions[0]}`,
        kind: sync.kind,
        namespace: sync.namespace,
        name: sync.name,
        action: { type: "patch", operations: [tested, ...operations] },
        detail: operations.map(({ path, value }) => `sets ${path.slice("/spec/".length)} to ${value}`).join(", "),
        inGit: gitPlace(facts.cluster, sync, fieldPatch(sync, operations)),
      },
    ];
  });
}

/** Version of the API that the list had. Without, the newest one is served. */
function apiVersionOf({ apiVersion }: LiveObject): string | undefined {
  return typeof apiVersion === "string" ? apiVersion : undefined;
}

function accountOperations(sync: AuditedSync, account: string): PatchOperation[] {
  if (sync.named === account) return [];
  const { serviceAccountName } = sync.object.spec as { readonly serviceAccountName?: string };
  const op = serviceAccountName === undefined ? "add" : "replace";
  return [{ op, path: "/spec/serviceAccountName", value: account }];
}

/**
 * A Kustomization of a tenant places its objects in its own namespace, as the program registers it. It is left as it is
 * where an object lies elsewhere: the field would move that object.
 */
function targetOperations(sync: AuditedSync, facts: RetrofitFacts): PatchOperation[] {
  const { targetNamespace } = sync.object.spec as { readonly targetNamespace?: string };
  if (sync.kind !== "Kustomization" || sync.namespace === fluxNamespace(facts) || targetNamespace !== undefined) {
    return [];
  }
  const isHome = (inventoryOf(sync.object) ?? []).every(({ namespace }) => namespace === sync.namespace);
  return isHome ? [{ op: "add", path: "/spec/targetNamespace", value: sync.namespace }] : [];
}

/** Syncs that are not Ready before their account is set. Their inventories may lack what their files have, so they prove little. */
export function staleObstacles(syncs: readonly RetrofittedSync[]): Obstacle[] {
  const unchanged = syncs.filter(({ sync, account }) => account !== undefined && sync.named !== account);
  return readinessObstacles(unchanged).map(({ message, ...obstacle }) => {
    return { ...obstacle, message: `${message}, so its inventory may lack objects of its files` };
  });
}

/** Syncs that have not applied their content since the last change of their fields. Suspended ones apply nothing. */
export function readinessObstacles(syncs: readonly RetrofittedSync[]): Obstacle[] {
  return syncs.flatMap(({ sync }) => {
    const { generation } = sync.object.metadata;
    const { suspend } = sync.object.spec as { readonly suspend?: boolean };
    if (suspend === true) return [];
    const ready = readyCondition(sync.object);
    const isCurrent = ready?.observedGeneration === undefined || ready.observedGeneration === generation;
    if (ready?.status === "True" && isCurrent) return [];
    const words = isCurrent ? (ready?.message ?? "no controller has looked at it") : "Flux has not seen the change yet";
    const kind = sync.kind.toLowerCase();
    const fix = `flux --namespace ${shellWord(sync.namespace)} reconcile ${kind} ${shellWord(sync.name)}; suspend it if it was broken before`;
    return [{ object: syncText(sync), message: `is not Ready: ${words}`, fix }];
  });
}

interface Condition {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly message?: string;
  readonly observedGeneration?: number;
}

function readyCondition({ status }: LiveObject): Condition | undefined {
  const conditions: readonly unknown[] =
    isPlainObject(status) && Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.filter((one): one is Condition => isPlainObject(one)).find(({ type }) => type === "Ready");
}
