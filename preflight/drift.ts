import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../lib/diagnostics/problem.js";
import { additions, type Difference, differences } from "../lib/kubernetes/differences.js";
import { type FieldPath, overlap } from "../lib/kubernetes/field-path.js";
import {
  fieldsOfOthers,
  type HeldField,
  type LiveObject,
  type ObjectType,
  objectType,
} from "../lib/kubernetes/live-object.js";
import { FIELD_MANAGER, isManagedByFleet, TAKEN_BACK_ANNOTATION } from "../lib/kubernetes/ownership-labels.js";
import { withDigests } from "../lib/kubernetes/secret-content.js";
import type { Repairs } from "../lib/state/repairs.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import type { ExistingCluster } from "./cluster.js";
import { kindKey } from "./cluster-kinds.js";
import {
  describeAddition,
  describeChange,
  describeDeletion,
  describeForgotten,
  describeTermination,
  removalOf,
} from "./drift-words.js";
import { identityOf, registered } from "./registered-object.js";

/** The objects of a stack that others changed on the cluster. */
export interface Drift extends Omit<Repairs, "suspended"> {
  /** Sentences for the user: who changed what, and what becomes of it. */
  readonly sentences: readonly string[];
  /** Fields that others added, that isolation depends on, and that an update cannot remove. */
  readonly problems: readonly Problem[];
}

/** A field that has another value than the program applied, and the client that owns it now, if any. */
export interface Change extends Difference {
  readonly holder: HeldField | undefined;
}

/** An object in the state: the inputs of its last update, and the result. */
interface StatedObject extends ObjectType {
  readonly identity: string;
  readonly metadata: Pick<LiveObject["metadata"], "name" | "namespace">;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Value of the annotation of an object that was taken back before. */
  readonly note: string | undefined;
}

/**
 * The differences between the objects in the state and those of the cluster. Pulumi compares the program with its
 * state, and so does not see them.
 * @param suspended identities of the objects that operators suspended on purpose
 * @param isRegistered whether the program still registers the object. This update deletes the others, so nothing of them
 *   is taken back or created again @default - it registers all
 * @see https://github.com/pulumi/pulumi-kubernetes/issues/2404
 */
export function findDrift(
  state: StackState,
  cluster: ExistingCluster,
  suspended: ReadonlySet<string>,
  isRegistered: (identity: string) => boolean = () => true,
): Drift {
  const all = statedObjects(state, cluster);
  const staying = all.filter(({ identity }) => isRegistered(identity));
  const forgotten = all.filter((one) => isForgotten(one, cluster, isRegistered));
  const found = staying.map((stated) => {
    const live = cluster.objects.get(stated.identity);
    if (live !== undefined) return { stated, ...comparison(stated, live, suspended), isDeleted: false };
    return { stated, changes: [], added: [], isDeleted: canBeCreated(stated, cluster) };
  });
  const notes = found.flatMap(({ stated, changes, isDeleted }) => {
    const note = isDeleted || changes.length > 0 ? nextNote(stated.note, changes) : stated.note;
    return note === undefined ? [] : [[stated.identity, note] as const];
  });
  const sentences = found.flatMap(({ stated, changes, added, isDeleted }) => {
    const others = added.filter(({ path }) => !isGuarded(stated, path) && isReported(stated, path));
    return [
      ...(isDeleted ? [describeDeletion(stated)] : []),
      ...(isTerminating(cluster.objects.get(stated.identity)) ? [describeTermination(stated)] : []),
      ...(changes.length > 0 ? [describeChange(stated, changes)] : []),
      ...(others.length > 0 ? [describeAddition(stated, others)] : []),
    ];
  });
  const problems = found.flatMap(({ stated, added }) => {
    const guarded = added.filter(({ path }) => isGuarded(stated, path));
    return guarded.length > 0 ? [removalOf(stated, guarded)] : [];
  });
  const deleted = new Set(found.filter(({ isDeleted }) => isDeleted).map(({ stated }) => stated.identity));
  return {
    notes: new Map(notes),
    deleted,
    sentences: [...sentences, ...forgotten.map(describeForgotten)].sort(),
    problems,
  };
}

/** Whether an object is gone that the program registers no more. The namespace that goes with it has a sentence of its own. */
function isForgotten(
  { identity, kind, metadata: { namespace } }: StatedObject,
  { objects }: ExistingCluster,
  isRegistered: (identity: string) => boolean,
): boolean {
  if (isRegistered(identity) || objects.has(identity) || kind === "Namespace") return false;
  return namespace === undefined || isRegistered(identityOf(registered("core/v1:Namespace", namespace)));
}

/** The objects in the state whose kinds were listed. */
function statedObjects(state: StackState, { kinds }: ExistingCluster): StatedObject[] {
  return Object.values(state).flatMap(({ type, outputs }) => {
    const found = objectType(type);
    const identity = objectIdentity(type, outputs.metadata);
    if (found === undefined || identity === undefined || !kinds.has(kindKey(found))) return [];
    const metadata = outputs.metadata as LiveObject["metadata"];
    const inputs = inputsOf(outputs);
    const one = { ...found, identity, metadata, inputs, outputs, note: noteOf(inputs) };
    return [found.kind === "Secret" ? { ...one, inputs: withDigests(one.inputs), outputs: withDigests(outputs) } : one];
  });
}

/**
 * The note that the last update applied. An object that this state adopted may carry the note of a lost one: the
 * provider updates definitions by an Update, whose fields no later Apply removes.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#comparison-with-client-side-apply
 */
function noteOf({ metadata }: StatedObject["inputs"]): string | undefined {
  const { annotations } = metadata as { readonly annotations: Readonly<Record<string, string>> };
  return annotations[TAKEN_BACK_ANNOTATION];
}

/**
 * The inputs of the last update, which the provider keeps among the outputs. Without annotations that tell the provider
 * how to apply the object.
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/provider.go checkpointObject
 */
function inputsOf({ __inputs: stated }: StatedObject["outputs"]): StatedObject["inputs"] {
  const { apiVersion: _, kind: __, metadata = {}, ...fields } = (stated ?? {}) as Readonly<Record<string, unknown>>;
  const { annotations = {}, ...others } = metadata as Readonly<Record<string, object>>;
  const own = Object.entries(annotations).filter(([name]) => !name.startsWith("pulumi.com/"));
  return { ...fields, metadata: { ...others, annotations: Object.fromEntries(own) } };
}

function comparison(
  { kind, inputs, outputs, identity }: StatedObject,
  live: LiveObject,
  suspended: ReadonlySet<string>,
) {
  if (isTerminating(live) || outputs.__inputs === undefined) return { changes: [], added: [] };
  if (kind === "CustomResourceDefinition") return definitionComparison({ inputs, outputs }, live);
  const others = fieldsOfOthers(live, FIELD_MANAGER);
  const isLeft = (path: FieldPath) => suspended.has(identity) && overlap(path, ["spec", "suspend"]);
  const changes = differences({ wanted: inputs, stated: outputs, live }, others)
    .filter((difference) => !isLeft(difference.path) && !isHarmless(kind, difference))
    .filter(({ path }) => !isUnread(kind, live, path))
    .map((difference): Change => {
      return { ...difference, holder: others.find(({ path }) => overlap(path, difference.path)) };
    });
  return { changes, added: additions(inputs, live, others).filter(({ path }) => !isLeft(path)) };
}

/**
 * Whether a difference has no effect. `flux resume` removes the field that an update set to false. OpenShift adds a pull
 * Secret of its own to every account, and would add it again after each update that takes the list back.
 * @see https://github.com/fluxcd/flux2/blob/v2.9.2/cmd/flux/resume.go
 * @see https://github.com/crossplane/crossplane/issues/5142
 */
function isHarmless(kind: string, { path, wanted, live }: Difference): boolean {
  const isPullSecrets = kind === "ServiceAccount" && path.length === 1 && path[0] === "imagePullSecrets";
  if (!isPullSecrets) return overlap(path, ["spec", "suspend"]) && wanted === false && live === undefined;
  const isLive = (one: unknown) => Array.isArray(live) && live.some((other) => isDeepStrictEqual(one, other));
  return Array.isArray(wanted) && wanted.every(isLive);
}

/** Whether a difference means only that the content of a Secret was not fetched: it lacks its label, which is one too. */
function isUnread(kind: string, live: LiveObject, [top]: FieldPath): boolean {
  return kind === "Secret" && top === "data" && !isManagedByFleet(live.metadata.labels);
}

/**
 * The changes of a definition. Its schemas are megabytes, so only its metadata are fetched. The API server counts the
 * changes of its specification, and notes their authors.
 */
function definitionComparison(
  { inputs, outputs }: Pick<StatedObject, "inputs" | "outputs">,
  live: LiveObject,
): { readonly changes: readonly Change[]; readonly added: readonly HeldField[] } {
  const stated = outputs.metadata as LiveObject["metadata"];
  const [former, current] = [stated, live.metadata].map(({ uid, generation }) => `${uid} ${generation}`);
  const author = live.metadata.managedFields.find(({ manager, subresource, fieldsV1 }) => {
    return manager !== FIELD_MANAGER && subresource !== "status" && "f:spec" in fieldsV1;
  });
  const holder = author && { path: ["spec"], manager: author.manager, time: author.time };
  const others = fieldsOfOthers(live, FIELD_MANAGER);
  const { metadata } = inputs;
  const ofMetadata = differences({ wanted: { metadata }, stated: outputs, live }, others).map((difference): Change => {
    return { ...difference, holder: others.find(({ path }) => overlap(path, difference.path)) };
  });
  const isKnown = stated.generation !== undefined;
  const ofSpec = isKnown && former !== current ? [{ path: ["spec"], wanted: former, live: current, holder }] : [];
  return { changes: [...ofMetadata, ...ofSpec], added: [] };
}

/** Whether an object is being deleted: it waits for a finalizer. */
function isTerminating(live: LiveObject | undefined): boolean {
  return live?.metadata.deletionTimestamp !== undefined;
}

/** Nothing can be created in a namespace that is gone, or that is being deleted. Both are conflicts. */
function canBeCreated({ kind, metadata: { namespace } }: StatedObject, { namespaces }: ExistingCluster): boolean {
  // The checks of definitions refuse a deleted one: with it, all objects of its kind are gone.
  if (kind === "Namespace" || kind === "CustomResourceDefinition") return false;
  return namespace === undefined || namespaces.get(namespace)?.terminating === false;
}

/** Differs from the note before, because only a new value makes an update. */
function nextNote(note: string | undefined, changes: readonly Change[]): string {
  const holders = changes.map(({ holder }) => (holder ? `${holder.manager} ${holder.time ?? ""}`.trim() : "unknown"));
  const names = changes.length === 0 ? "deleted" : [...new Set(holders)].join(", ");
  return `${Number.parseInt(note ?? "0", 10) + 1}: ${names}`;
}

/** Kinds whose every field counts for the isolation of tenants. */
const guardedKinds = [
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ResourceQuota",
  "LimitRange",
  "NetworkPolicy",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
];
/**
 * Labels and annotations of namespaces that the API server and the admission policies obey. OpenShift sets others of Pod
 * Security, which only warn.
 */
const guardedNames = ["pod-security.kubernetes.io/enforce", "fleet.dev/"];

/** Whether the isolation of tenants depends on a field that the program does not set. */
function isGuarded({ kind }: ObjectType, [top, second, name]: FieldPath): boolean {
  if (kind === "Namespace") return guardedNames.some((start) => String(name).startsWith(start));
  // A further limit restricts the tenant alone.
  if (kind === "ResourceQuota" && second === "hard") return false;
  return guardedKinds.includes(kind) && top !== "metadata" && top !== "status";
}

/** Whether users are told of a field that the program does not set: it changes controllers, or what Flux applies. */
function isReported({ group, kind }: ObjectType, [top, second, third]: FieldPath): boolean {
  if (kind === "Deployment") return top === "spec" && second === "template" && third === "spec";
  // Flux or the kubelet could read a further entry.
  if (kind === "Secret") return top === "data" && second !== undefined;
  // `flux resume` leaves the field behind.
  return group.endsWith(".fluxcd.io") && top === "spec" && second !== "suspend";
}
