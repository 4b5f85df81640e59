import { groupBy } from "../../lib/data/group-by.js";
import { appliedFields } from "../../lib/kubernetes/applied-fields.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { shellWord } from "../../lib/process/shell-word.js";
import type { PlannedObject } from "../verify/planned-objects.js";
import type { RetrofitFacts } from "./facts.js";
import { type AppliedObject, appliedText } from "./inventory.js";
import { type KnownResources, kindKey, type NeededRight } from "./rights.js";
import { type Obstacle, RETROFIT_MANAGER } from "./step.js";
import { type RetrofittedSync, syncText } from "./sync-accounts.js";

/** The obstacle of a sync of which it is not known what it has applied. */
export function unknownObstacle({ sync }: RetrofittedSync, reason: string): Obstacle {
  const fix = `flux --namespace ${shellWord(sync.namespace)} reconcile helmrelease ${shellWord(sync.name)} --force`;
  return { object: syncText(sync), message: `${reason}, so the objects of the release are not known`, fix };
}

/**
 * Obstacles for kinds in a version that the cluster does not serve, one for each. No right on their objects can be asked for.
 * Helm keeps the manifest of a release for years, and fails on such a version itself.
 */
export function unservedObstacles(
  { sync }: RetrofittedSync,
  objects: readonly AppliedObject[],
  resources: KnownResources,
): Obstacle[] {
  const unserved = objects.filter((one) => !resources.has(kindKey(one)));
  return [...groupBy(unserved, kindKey).values()].map((same): Obstacle => {
    const { group = "", version = "", kind = "" } = same[0] ?? {};
    const api = [group, version].filter(Boolean).join("/");
    const message = `the cluster does not serve ${kind} in ${api}, so rights on it are not proven: ${listText(same.map(appliedText))}`;
    return {
      object: syncText(sync),
      message,
      fix: "Name a version that the cluster serves in its files, or remove the object",
    };
  });
}

/** The first of several, and the number of the others. */
function listText([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}

/** The result of the proof that each sync can apply as its account. */
export interface SyncProof {
  readonly obstacles: readonly Obstacle[];
  /** Number of rights that were asked for. */
  readonly rights: number;
  /** Number of objects that were applied by dry run. */
  readonly dryRuns: number;
  /** Whether the accounts are still missing, so that the plan's rules answered. */
  readonly isPredicted: boolean;
}

/** The content of a dry run: an object as its controller applies it. */
export interface ProofApply {
  readonly manager: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The dry run that shows whether an account may apply an object as its sync does. The fields are those that the
 * controller owns, so that it is the whole manifest. Of a Secret, and of an object that Helm applied, it changes no field: the API
 * server still judges the account, and its admission judges the object.
 */
export function proofApply({ sync }: RetrofittedSync, applied: AppliedObject, live: LiveObject): ProofApply {
  const { group, version, kind, namespace, name } = applied;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const fields = kind === "Secret" ? undefined : appliedFields(live, sync.controller);
  if (fields === undefined) return { manager: RETROFIT_MANAGER, body: { apiVersion, kind, metadata } };
  const own = (fields.metadata ?? {}) as object;
  return { manager: sync.controller, body: { ...fields, apiVersion, kind, metadata: { ...own, ...metadata } } };
}

/** The refusals of rights, one for each kind and namespace. */
export function judgeRights(
  one: RetrofittedSync,
  rights: readonly NeededRight[],
  answers: readonly boolean[],
  facts: Pick<RetrofitFacts, "tenants">,
): Obstacle[] {
  const missing = new Map<string, NeededRight[]>();
  for (const [index, right] of rights.entries()) {
    if (answers[index] !== false) continue;
    const key = `${right.group} ${right.resource} ${right.namespace}`;
    missing.set(key, [...(missing.get(key) ?? []), right]);
  }
  return [...missing.values()].map((some): Obstacle => {
    const [first] = some;
    const { group = "", resource = "", namespace, objects = [] } = first ?? {};
    const verbs = some.map(({ verb }) => verb).join(", ");
    const kind = group === "" ? resource : `${resource}.${group}`;
    const place = namespace === undefined ? "in the whole cluster" : `in ${namespace}`;
    const message = `${accountText(one)} may not ${verbs} ${kind} ${place}: ${listText(objects)}`;
    const refused = { resource, namespace, object: objects[0] };
    return { object: syncText(one.sync), message, fix: rightFix(one, refused, facts) };
  });
}

interface Refused {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly object: string | undefined;
}

/** Kinds that the program registers for each tenant, and their source in the tenant file. */
const registered = ["resourcequotas", "limitranges"];

function rightFix({ sync }: RetrofittedSync, refused: Refused, { tenants }: Pick<RetrofitFacts, "tenants">): string {
  const { resource, namespace, object = "" } = refused;
  if (resource === "namespaces") {
    const name = object.split(" ")[1] ?? "";
    const keep = `kubectl annotate namespace ${shellWord(name)} kustomize.toolkit.fluxcd.io/prune=disabled`;
    return `The program registers namespaces of tenants. Keep it, and then remove it from the sync's files: ${keep}`;
  }
  if (namespace === undefined)
    return "Move it to the files of the platform, which applies objects of the whole cluster";
  if (namespace !== sync.namespace) {
    const whose = tenants.has(namespace) ? "is a tenant's" : "is no tenant's yet: add it to the tenant file";
    return `The namespace ${namespace} ${whose}. Give it a sync of its own, and move the object there`;
  }
  if (registered.includes(resource))
    return "The program registers it by the tenant file: remove it from the sync's files";
  return "Move it to the files of the platform, or offer the kind to tenants by an add-on (docs/addons.md)";
}

/** `payments/reconciler` */
export function accountText({ sync, account = "" }: RetrofittedSync): string {
  return `${sync.namespace}/${account}`;
}

/** An answer to a dry run. */
export interface ProofAnswer {
  readonly status: number;
  readonly message: string;
  /** Warnings of the API server. */
  readonly warnings: readonly string[];
}

/**
 * The refusal of a dry run, in words of the API server. Undefined for an accepted one. With `fleet:admission: audit`, the
 * program's policies warn only, and would refuse later.
 */
export function judgeDryRun(
  one: RetrofittedSync,
  applied: AppliedObject,
  answer: ProofAnswer,
  planned: readonly PlannedObject[],
): Obstacle | undefined {
  const { status, message } = answer;
  if (status < 300) return judgeWarnings(one, applied, answer.warnings, planned);
  const [words = ""] = message.split("\n", 1);
  const [, policy] = /ValidatingAdmissionPolicy '([^']+)'/.exec(message) ?? [];
  const who = policy === undefined ? "" : `the policy ${policy} refuses it: `;
  const fix =
    policy === undefined
      ? "Correct the object in the files of the sync"
      : "Correct the object in the files of the sync, or the tenant file (docs/admission.md)";
  const text = `${appliedText(applied)}: ${who}${words.slice(0, 500) || `the API server answered ${status}`}`;
  return { object: syncText(one.sync), message: text, fix };
}

/** @see https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/admission/plugin/policy/validating/dispatcher.go */
const warned = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+': (.*?)"?$/s;

/** The first warning of a policy of the program. Policies of others may warn for good. */
function judgeWarnings(
  { sync }: RetrofittedSync,
  applied: AppliedObject,
  warnings: readonly string[],
  planned: readonly PlannedObject[],
): Obstacle | undefined {
  const own = new Set(
    planned.filter(({ kind }) => kind === "ValidatingAdmissionPolicy").map(({ metadata }) => metadata.name),
  );
  const found = warnings.map((text) => warned.exec(text)).find((match) => own.has(match?.[1] ?? ""));
  if (!found) return undefined;
  const [, policy, words = ""] = found;
  const message = `${appliedText(applied)}: the policy ${policy} warns, and refuses it with fleet:admission: enforce: ${words.slice(0, 500)}`;
  const fix = "Correct the object in the files of the sync, or the tenant file (docs/admission.md), before enforce";
  return { object: syncText(sync), message, fix };
}
